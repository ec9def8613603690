import Testing

@testable import Survey

@Suite struct PersonalShapeTests {
  @Test(arguments: [
    ("ann@example.com", PersonalShape.email), ("+49 30 1234567", .phone),
    ("(030) 1234-5678", .phone),
    ("DE89 3704 0044 0532 0130 00", .iban), ("GB82WEST12345698765432", .iban),
    ("4111 1111 1111 1111", .card), ("192.168.0.1", .internetAddress),
    ("2001:db8::1", .internetAddress),
    ("078-05-1120", .socialSecurity),
  ])
  func `a value is known by its shape`(text: String, shape: PersonalShape) {
    #expect(PersonalShape(text: text) == shape)
  }

  @Test(arguments: [
    "a@b", "@example.com", "DE89 3704 0044 0532 0130 01", "4111 1111 1111 1112", "1.2.3",
    "256.1.1.1",
    "1.2.3.4.5", "12:30:00", "900-12-3456", "2026-01-31", "2026-01-31T12:00:00Z", "12345678", "0.5",
    "payments", "", "DE",
  ])
  func `what only resembles a person's value is none`(text: String) {
    #expect(PersonalShape(text: text) == nil)
  }
}
