/// Whether kept numbers are counts: none below 0, with a sum that is an integer.
func areCounts(_ numbers: [Int]) -> Bool {
  var sum = 0
  for number in numbers {
    let (next, overflows) = sum.addingReportingOverflow(number)
    guard number >= 0, !overflows else { return false }
    sum = next
  }
  return true
}
