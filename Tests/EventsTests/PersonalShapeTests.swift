import Testing

@testable import Events

@Suite struct PersonalShapeTests {
  @Test(arguments: [
    ("ann@example.com", PersonalShape.email), ("+49 30 1234567", .phone),
    ("(030) 1234-5678", .phone),
    ("DE89 3704 0044 0532 0130 00", .iban), ("GB82WEST12345698765432", .iban),
    ("4111 1111 1111 1111", .card), ("192.168.0.1", .internetAddress),
    ("2001:db8::1", .internetAddress),
    ("078-05-1120", .socialSecurity),
    ("AB 12 34 56 C", .nationalInsurance), ("1 85 05 78 006 084 91", .french),
    ("86095742719", .german), ("RSSMRA85T10A562S", .italian), ("12345678Z", .spanish),
    ("12345678-Z", .spanish),
  ])
  func `a value is known by its shape`(text: String, shape: PersonalShape) {
    #expect(PersonalShape(text: text) == shape)
  }

  @Test(arguments: [
    "a@b", "@example.com", "DE89 3704 0044 0532 0130 01", "4111 1111 1111 1112", "1.2.3",
    "256.1.1.1",
    "1.2.3.4.5", "12:30:00", "900-12-3456", "2026-01-31", "2026-01-31T12:00:00Z", "12345678", "0.5",
    "payments", "", "DE", "QQ 12 34 56 C", "185057800608490", "185137800608491", "86095742718",
    "12345678901", "RSSMRA85X10A562S", "12345678A", "666-12-3456",
  ])
  func `what only resembles a person's value is none`(text: String) {
    #expect(PersonalShape(text: text) == nil)
  }
}
