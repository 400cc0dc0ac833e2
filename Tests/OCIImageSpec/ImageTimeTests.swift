import JSON
import OCIImageSpec
import Testing

struct ImageTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("2026-01-02T03:04:05Z", 1_767_323_045, 0),
    ("2026-01-02T03:04:05.25Z", 1_767_323_045, 250_000_000), ("2026-01-02T05:04:05+02:00", 1_767_323_045, 0),
    ("2026-01-01T21:34:05.1234567891-05:30", 1_767_323_045, 123_456_789), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ("0000-01-01T00:00:00Z", -62_167_219_200, 0), ("2000-02-29T00:00:00Z", 951_782_400, 0),
    ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
  ])
  func isRead(text: String, seconds: Int64, nanoseconds: Int64) throws {
    let time = try #require(ImageTime(text))
    #expect(time.seconds == seconds && time.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "yesterday", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-01-02T24:00:00Z", "2026-01-02T00:00:60Z", "2026-01-02T00:00:00", "2026-01-02T00:00:00.Z",
    "2026-01-02T00:00:00Z ", "2026-01-02 00:00:00Z", "2026-01-02T00:00:00+24:00", "20260102T000000Z",
  ])
  func isNone(text: String) { #expect(ImageTime(text) == nil) }

  @Test func whatAnImageSays() throws {
    var configuration = ImageConfiguration()
    try configuration.checkTimes()
    configuration.created = "2026-01-02T03:04:05Z"
    configuration.history = [History(), History()]
    configuration.history[1].created = "then"
    let error = #expect(throws: JSONError.self) { try configuration.checkTimes() }
    #expect(error?.description == #"history[1].created: "then" is not an RFC 3339 time"#)
  }
}
