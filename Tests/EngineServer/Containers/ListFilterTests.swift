import Containers
import EngineAPI
import Testing

@testable import EngineServer

@Suite struct ListFilterTests {
  private static func filters(_ name: String, _ value: String) throws -> Filters { Filters([name: [value]]) }

  /// Docker accepts them, and no container here is ever so.
  @Test(arguments: ["is-task=true"])
  func nothingIsEverSo(text: String) throws {
    #expect(try request(text).filter.isUnsatisfiable)
  }

  @Test(arguments: [
    "health=none", "health=healthy", "is-task=false", "isolation=default", "status=exited", "status=paused",
    "expose=80/tcp",
  ])
  func thesePass(text: String) throws { #expect(try !request(text).filter.isUnsatisfiable) }

  private func request(_ text: String) throws -> ContainerListRequest {
    let parts = text.split(separator: "=")
    return try ListTranslation.request(try Query("filters={\"\(parts[0])\":[\"\(parts[1])\"]}"))
  }

  static let now = Timestamp(nanoseconds: 1_000_000_000_000_000_000)

  @Test(
    arguments: [
      ("1.5", 1_500_000_000), ("0", 0), ("10m", 999_999_400_000_000_000), ("1h30m", 999_994_600_000_000_000),
      ("2000-01-01T00:00:00Z", 946_684_800_000_000_000), ("2000-01-01", 946_684_800_000_000_000),
      ("2000-01-01T00:00", 946_684_800_000_000_000),
    ] as [(String, Int64)])
  func untilIsAMomentOrAgo(text: String, nanoseconds: Int64) throws {
    let time = try UntilFilter.time(Filters(["until": [text]]), now: Self.now)
    #expect(time == Timestamp(nanoseconds: nanoseconds))
  }

  @Test func withoutUntil() throws { #expect(try UntilFilter.time(Filters(), now: Self.now) == nil) }

  @Test(arguments: [["x"], ["1y"], ["m"], [""], ["1m", "2m"]])
  func refusesUntil(values: [String]) {
    #expect(throws: APIError.self) { try UntilFilter.time(Filters(["until": values]), now: Self.now) }
  }
}
