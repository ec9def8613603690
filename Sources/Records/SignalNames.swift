/// The name of the signal of the score.
package let scoreName = "score"
/// The name of the signal of the decision.
package let decisionName = "decision"
/// The name of the signal of the latency.
package let latencyName = "latency"
/// The name of the signal of the failures.
package let failureName = "failure"
/// The name of the signal of events that came before.
package let duplicateName = "duplicate"
/// The name of the signal of events with a feature of a later time than their own.
package let lookaheadName = "lookahead"
/// The name of the signal of how old an event's newest feature is.
package let featureAgeName = "feature_age"
/// The names of the signals that are worked out of whole events.
package let workedOutNames = [
  latencyName, failureName, duplicateName, lookaheadName, featureAgeName,
]
/// The names of the worked out signals that are in seconds.
package let durationNames: Set<String> = [latencyName, featureAgeName]
/// The names of the worked out signals that are 1 or 0, so that their mean is a share.
package let flagNames: Set<String> = [failureName, duplicateName, lookaheadName]
/// The name of the events themselves, which have a count and a rate.
package let eventsName = "events"
/// The name of the lines that could not be used; of one reason it stands behind a dot.
package let refusedName = "refused"
/// What the names of KPIs begin with.
package let kpiPrefix = "kpis."
