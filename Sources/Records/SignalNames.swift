/// The name of the signal of the score.
package let scoreName = "score"
/// The name of the signal of the decision.
package let decisionName = "decision"
/// The name of the signal of the latency.
package let latencyName = "latency"
/// The name of the signal of the failures.
package let failureName = "failure"
/// The name of the events themselves, which have a count and a rate.
package let eventsName = "events"
/// What the names of KPIs begin with.
package let kpiPrefix = "kpis."
