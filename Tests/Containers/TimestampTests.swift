import Testing

@testable import Containers

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00.000000000Z", 0),
      ("2024-02-29T23:59:59.123456789Z", 1_709_251_199_123_456_789),
      ("1969-12-31T23:59:59.999999999Z", -1),
      ("2000-03-01T00:00:00.000000000Z", 951_868_800_000_000_000),
      ("2100-03-01T00:00:00.000000000Z", 4_107_542_400_000_000_000),
    ] as [(String, Int64)])
  func readsAndWrites(text: String, nanoseconds: Int64) {
    #expect(Timestamp(nanoseconds: nanoseconds).description == text)
    #expect(Timestamp(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000000000Z"),
    ("2024-01-02T03:04:05.5+01:30", "2024-01-02T01:34:05.500000000Z"),
    ("2024-01-02T03:04:05.1234567891234-08:00", "2024-01-02T11:04:05.123456789Z"),
  ])
  func readsOtherForms(text: String, normal: String) { #expect(Timestamp(text)?.description == normal) }

  @Test(arguments: [
    "", "2024", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00", "9999-01-01T00:00:00Z",
    "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx",
  ])
  func refuses(text: String) { #expect(Timestamp(text) == nil) }
}
