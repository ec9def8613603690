internal import Events
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// How the claim stands at the end, in a word or two; `nil` where nothing is claimed.
  var claimWord: String? {
    guard report.monitor.framing.claim != nil else { return nil }
    return ending.outcomes?.claim?.verdictWords ?? ClaimRecord.undecidedWords
  }

  /// The claim's part of the page's first line.
  var claimSentence: HTML {
    guard let word = claimWord else { return "" }
    let tone =
      switch ending.outcomes?.claim?.verdict {
      case "holds": "good"
      case "fails": "bad"
      default: "open"
      }
    return "The claim <em class=\"\(tone)\">\(word)</em>. "
  }

  /// What is claimed, what came, and what it was worth.
  var claimNumbers: HTML {
    guard report.monitor.framing.claim != nil else { return "" }
    guard let claim = ending.outcomes?.claim else {
      return """
        <p class="claim">Nothing is known of the claim yet: no prediction is mature, which is older \
        than the horizon by the outcomes’ clock.</p>

        """
    }
    let money: HTML =
      claim.money.map { money in
        let words = amount(money, claim.unit)
        return """
           All mature predictions of that time were worth \
          <b>\(figure(claim, words, money, "money"))</b>.
          """
      } ?? ""
    let value: HTML = claim.value.map { figure(claim, claim.words($0), $0, "value") } ?? "unknown"
    return """
      <p class="claim">Claimed: \(claim.claimWords). It is <b>\(value)</b>, between \
      \(interval(claim)), by \(figure(claim, grouped(claim.n), Double(claim.n), "n")) mature \
      predictions from \(timeElement(claim.start)) to \(timeElement(claim.end))\
      \(claim.isPeriodOver ? "" : ", which is not over").\(money)</p>

      """
  }

  /// How the verdict on the claim changed; nothing before the first word on it.
  var claimTable: HTML {
    let claims = report.outcomes.claims
    guard !claims.changes.isEmpty else { return "" }
    let older = claims.forgotten
    let forgotten = older > 0 ? " \(grouped(older)) older ones are left out." : ""
    let hasMoney = claims.changes.contains { $0.money != nil }
    return """
      <details><summary>How the claim’s verdict changed</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="How the claim’s verdict changed">\
      <table><caption>Each change, with what was known then. The interval holds at all looks of the \
      period together.\(forgotten)</caption>
      <thead><tr><th scope="col">Judged</th><th scope="col">Predictions from</th>\
      <th scope="col">to</th><th scope="col">The claim</th><th scope="col" class="r">Value</th>\
      <th scope="col" class="r">Between</th><th scope="col" class="r">Mature</th>\
      \(hasMoney ? HTML("<th scope=\"col\" class=\"r\">Worth</th>") : "")</tr></thead>
      <tbody>
      \(claims.changes.map { claimRow($0, hasMoney: hasMoney) })</tbody></table></div></details>

      """
  }

  private func claimRow(_ claim: ClaimRecord, hasMoney: Bool) -> HTML {
    let money: HTML = claim.money.map { figure(claim, amount($0, claim.unit), $0, "money") } ?? "–"
    return """
      <tr><th scope="row">\(timeElement(claim.time))</th><td>\(timeElement(claim.start))</td>\
      <td>\(timeElement(claim.end))</td><td>\(claim.verdictWords)</td>\
      <td class="r">\(claim.value.map { figure(claim, claim.words($0), $0, "value") } ?? "–")</td>\
      <td class="r">\(interval(claim))</td>\
      <td class="r">\(figure(claim, grouped(claim.n), Double(claim.n), "n"))</td>\
      \(hasMoney ? "<td class=\"r\">\(money)</td>" : "")</tr>

      """
  }

  private func interval(_ claim: ClaimRecord) -> HTML {
    let low = figure(claim, claim.words(claim.low), claim.low, "low")
    return "\(low) and \(figure(claim, claim.words(claim.high), claim.high, "high"))"
  }

  /// A printed number that carries the exact one, and says which claim record has it.
  private func figure(
    _ claim: ClaimRecord,
    _ shown: String,
    _ exact: Double,
    _ member: String
  ) -> HTML {
    let place = "\(Timestamp.format(claim.time))|\(member)"
    return "<data value=\"\(exactText(exact))\" data-claim=\"\(place)\">\(shown)</data>"
  }
}
