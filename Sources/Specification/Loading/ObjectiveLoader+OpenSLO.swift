import Events
import Expressions
import Statistics
import YAML

extension ObjectiveLoader {
  /// Reads an objective of which an OpenSLO file says all but which events are good.
  func imported(_ reader: MappingReader, _ what: String) -> SLOSpecification? {
    for key in ["objective", "period"] where reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "\(what): the OpenSLO file says the \(key), got another here: leave it out"
      )
    }
    let options = options(reader, what)
    guard let objective = openSLO(reader, what) else { return nil }
    guard let good = good(of: objective, reader, what),
      let file = objective.file
    else { return nil }
    let source = objective.objective
    guard checkPeriod(source.period, source.periodPosition, "timeWindow", file.findings) else {
      return nil
    }
    let usesTable = reader.has("tiers") || source.conditions.isEmpty
    let alarms =
      usesTable
      ? alarms(
        source.period,
        tiers: options.tiers,
        options.severities,
        at: reader.position,
        what
      )
      : self.alarms(of: source, options.severities, file.findings)
    guard let alarms, !alarms.isEmpty else { return nil }
    let slo = SLOSpecification(
      name: source.name,
      good: good,
      valid: options.valid,
      objective: source.share.share,
      budget: source.share.budget,
      period: whole(source.period),
      alarms: alarms,
      minimumEvents: options.minimumEvents ?? SLOSpecification.defaultMinimumEvents,
      noData: options.noData ?? (source.alertsWhenNoData ? .alert : .keep),
      line: reader.position.line
    )
    lint(slo, at: reader.keyPosition("openslo"), what)
    return slo
  }

  private typealias Imported = (objective: OpenSLOObjective, file: OpenSLOFile?)

  /// The objective of the file that the monitor means.
  private func openSLO(_ reader: MappingReader, _ what: String) -> Imported? {
    guard let node = reader.required("openslo", "slo.yaml"),
      let written = scalars.text(node, "\(what): openslo"),
      let source = source(written, node, what)
    else { return nil }
    let file = OpenSLOFile(source, file: MonitorFiles.path(written, beside: findings.file))
    findings.include(file.findings)
    let documents = file.documents("SLO")
    let names = documents.map(\.name)
    let wanted = reader.optional("name").flatMap { readName($0, "\(what): name") }
    if documents.count > 1, wanted == nil, !reader.has("name") {
      findings.error(
        node.position,
        "\(what): the file has \(documents.count) objectives, got no name: add name: \(names[0])"
      )
    }
    guard let wanted = wanted ?? (reader.has("name") ? nil : names.first) else {
      if documents.isEmpty, !file.findings.hasErrors {
        findings.error(
          node.position,
          "\(what): the file has no document of kind SLO: name one that has"
        )
      }
      return nil
    }
    guard let document = documents.first(where: { $0.name == wanted }) else {
      if !file.findings.hasErrors {
        findings.error(
          reader.keyPosition("name"),
          "\(what): the file has no objective \"\(wanted)\": "
            + Findings.advice(on: wanted, among: names)
        )
      }
      return nil
    }
    guard checkName(document, file.findings) else { return nil }
    return OpenSLOObjectiveReader(file: file).objective(document).map { ($0, file) }
  }

  private func checkName(_ document: OpenSLOFile.Document, _ findings: Findings) -> Bool {
    if isIdentifier(document.name.replacing("-", with: "_")) { return true }
    findings.error(
      document.position,
      "metadata.name: expected letters, digits, underscores and dashes, no digit first, got "
        + "\"\(document.name.prefix(60))\": rename it"
    )
    return false
  }

  private func source(_ written: String, _ node: YAMLNode, _ what: String) -> SourceText? {
    let path = MonitorFiles.path(written, beside: findings.file)
    switch files.read(path) {
    case .failure(let problem):
      findings.error(node.position, "\(what): openslo: cannot be read: \(problem.reason)")
      return nil
    case .success(let bytes):
      do throws(SourceProblem) {
        return try SourceText(bytes)
      } catch {
        let place = "\(path):\(error.position.line):\(error.position.column)"
        findings.error(node.position, "\(what): openslo: \(place): \(error.message)")
        return nil
      }
    }
  }

  /// Which events are good: as the monitor says, or its field compared as the file says.
  private func good(
    of imported: Imported,
    _ reader: MappingReader,
    _ what: String
  ) -> EventPredicate? {
    let keys = ["good", "value"].filter { reader.has($0) }
    guard keys.count == 1 else {
      findings.error(
        keys.isEmpty ? reader.position : reader.keyPosition("value"),
        "\(what): the file's queries are another system's, so the monitor says which events are "
          + "good, got \(keys.isEmpty ? "neither good nor value" : "good and value"): "
          + "add good: CONDITION, or value: FIELD"
      )
      return nil
    }
    if let node = reader.optional("good") { return condition(node, "\(what): good") }
    guard let node = reader.optional("value"),
      let path = scalars.path(node, "\(what): value")
    else { return nil }
    guard let comparison = imported.objective.comparison else {
      findings.error(
        node.position,
        "\(what): value: the file's objective has no op and value to compare with: "
          + "write good: CONDITION"
      )
      return nil
    }
    do throws(ExpressionErrors) {
      return try EventPredicate.parse("\(path) \(comparison.symbol) \(comparison.value)")
    } catch {
      findings.error(
        node.position,
        "\(what): value: \(path) cannot be compared: write good: CONDITION"
      )
      return nil
    }
  }

  /// One alarm an alert condition of the file.
  private func alarms(
    of objective: OpenSLOObjective,
    _ severities: [StandardBurnTier.Urgency: Severity],
    _ findings: Findings
  ) -> [BurnAlarm]? {
    var alarms: [BurnAlarm] = []
    for condition in objective.conditions {
      let what = "AlertCondition \"\(condition.name)\""
      let severity =
        StandardBurnTier.Urgency(rawValue: condition.severity.text).flatMap { severities[$0] }
        ?? Severity(rawValue: condition.severity.text)
      guard let severity else {
        findings.error(
          condition.severity.start,
          "\(what): severity: unknown value \"\(condition.severity.text.prefix(60))\": "
            + Findings.advice(
              on: condition.severity.text,
              among: Severity.allCases.map(\.rawValue)
            )
        )
        return nil
      }
      guard
        checkWindow(
          condition.lookback,
          "lookbackWindow",
          at: condition.lookbackPosition,
          what,
          findings
        )
      else { return nil }
      guard condition.lookback <= objective.period else {
        findings.error(
          condition.lookbackPosition,
          "\(what): lookbackWindow: longer than the objective's period, got \(condition.lookback): "
            + "write at most \(objective.period)"
        )
        return nil
      }
      let window = whole(condition.lookback)
      alarms.append(
        BurnAlarm(
          severity: severity,
          condition: condition.name,
          holdDuration: condition.alertAfter,
          tiers: [
            BurnTier(
              long: window,
              short: window,
              burnRate: condition.threshold,
              isInclusive: condition.isInclusive
            )
          ]
        )
      )
    }
    return alarms
  }
}
