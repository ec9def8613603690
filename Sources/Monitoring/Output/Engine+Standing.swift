internal import Expressions
public import Records
internal import Specification
public import Standing
internal import Statistics

extension Engine {
  /// How far each signal moved in each window, for the summary.
  public var movements: MovementTable { windows.movements }

  /// The values of the strata's field that were in a window and in no reference, by name.
  public var unmatchedStrata: Set<String> { windows.unmatchedStrata }

  /// Panes in which a dimension's limit put values into `__other__`, by dimension.
  public var overflowedPanes: [String: Int] { store.overflowed }

  /// The newest window of each kind that was judged, in the monitor's order.
  ///
  /// Nothing unless the engine keeps them. A window that the stream's end has cut counts only where
  /// there is no other.
  ///
  /// - Complexity: O(windows × signals × bins).
  public var newestWindows: [NewestWindow] {
    windows.windows.compactMap { window in
      guard let judged = window.newest else { return nil }
      return NewestWindow(
        measured: judged.measured(isOpen: false, plan),
        comparisons: plan.signals.indices.map { signal in
          let criterion = plan.windows[judged.windowIndex].criteria[signal]
          return SignalComparison(
            signal: plan.signals[signal].name,
            tolerance: criterion.tolerance,
            confidence: criterion.confidence,
            histogram: judged.statistics(signal, plan).comparison(for: .drift).all,
            untold: judged.statistics(signal, plan).untold
          )
        }
      )
    }
  }

  /// The numbers of the error budgets as they stand, as metric records have them.
  public var newestBudgets: [MeasuredPart] { budgets.meters.flatMap { $0.measured(plan) } }
}

/// How outcomes stand.
public struct OutcomeStanding: Sendable, Equatable {
  /// What became of predictions and outcomes.
  public var tally: OutcomeTally
  /// The time of the last outcome, in nanoseconds since 1970; `nil` before the first.
  public var lastOutcome: Int64?
  /// The newest quality window that rules look at; `nil` before the first.
  public var newest: MeasuredPart?
  /// How scores, decisions and outcomes of that window stand to each other; `nil` where no numbers are
  /// handed out, and of predictions of numbers.
  public var scores: ScoreStanding?
  /// The share of its outcomes that must be known.
  public var maturity: Double
  /// How the framing's claim stands; `nil` without one, and before the first mature prediction.
  public var claim: ClaimRecord?
  /// How new versions stand beside the one in use; nothing where none is held against another.
  public var canaries: [CanaryStanding] = []
}

/// How a new version stands beside the one in use.
public struct CanaryStanding: Sendable, Equatable {
  /// `continue`, `promote` or `rollback`.
  public var verdict: String
  /// The numbers behind it, as the record of a rollback has them.
  public var evidence: RollbackRecord
}

extension Engine {
  /// What became of ids that may come twice; `nil` where nobody asks.
  public var duplicateTally: DuplicateTally? { duplicates?.tally }

  /// How many events were dropped because their id and version came before.
  public var droppedRepeats: Int { plan.dropsRepeats ? duplicates?.tally.duplicates ?? 0 : 0 }

  /// How outcomes stand; `nil` where the monitor reads none.
  public var outcomeStanding: OutcomeStanding? {
    outcomes.map {
      OutcomeStanding(
        tally: $0.tally,
        lastOutcome: $0.outcomeClock,
        newest: $0.newest?.measured,
        scores: $0.newest?.scores,
        maturity: $0.quality.maturity,
        claim: $0.mature.claim?.record(at: desk.clock, plan.monitor),
        canaries: $0.mature.canaries.map {
          CanaryStanding(
            verdict: $0.verdict.rawValue,
            evidence: $0.evidence(at: desk.clock, model: plan.monitor.model)
          )
        }
      )
    }
  }

  /// How many predictions wait in the store that the engine was given.
  public var spilledPredictions: Int { outcomes?.spilledCount ?? 0 }

  /// How many predictions were damaged there.
  public var damagedPredictions: Int { outcomes?.tally.damaged ?? 0 }

  /// The incidents that are open, as records of now, in the order in which they opened.
  public var openIncidents: [Incident] { desk.openIncidents }

  /// The alerts that fire, in a fixed order; their words went out when they began, and are not kept.
  public var firingAlerts: [Snapshot.StandingAlertLine] {
    desk.firing.map { key, fingerprint, member in
      let names = plan.names(of: key.part)
      return Snapshot.StandingAlertLine(
        alert: key.rule,
        fingerprint: fingerprint,
        severity: member?.severity ?? severity(of: key.rule),
        signal: member?.signal ?? key.signal,
        version: names.version,
        segment: names.segment,
        since: windows.rules.alerts[key]?.firedAt ?? outcomes?.rules.alerts[key]?.firedAt
          ?? member?.startsAt ?? desk.clock
      )
    }
  }

  /// How bad a rule's alerts are; of burn rates, whose objectives say it, nothing.
  private func severity(of rule: String) -> String {
    let conditions = plan.monitor.rules.first { $0.alert == rule }?.severity
    let silences = plan.monitor.silenceRules.first { $0.alert == rule }?.severity
    return (conditions ?? silences)?.rawValue ?? ""
  }
}

extension Standing {
  /// How things stand where an engine goes on: its state may be that of an earlier process.
  package init(resuming engine: Engine) {
    self.init(firing: engine.firingAlerts, incidents: engine.openIncidents)
  }

  /// Takes in what a round gave.
  package mutating func insert(_ output: EngineOutput) {
    insert(output.notices)
    windowsJudged += output.windows
  }

  /// Takes over what the engine keeps: its newest windows, and how the budgets stand.
  package mutating func look(at engine: Engine) {
    newestWindows = engine.newestWindows
    newestQuality = engine.outcomeStanding?.newest
    newestBudgets = engine.newestBudgets
    budgets = engine.budgetStandings
    parts = engine.trafficParts
  }
}
