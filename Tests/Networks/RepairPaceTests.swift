import Testing

@testable import Networks

struct RepairPaceTests {
  private let start = ContinuousClock.now

  @Test func `the first repairs come at once, the next ever later, with a limit`() {
    var pace = RepairPace()
    var now = start
    var pauses: [Duration] = []
    for _ in 0..<30 {
      pauses.append(pace.pause(after: now))
      now += pauses.last ?? .zero
    }
    #expect(pauses.prefix(RepairPace.free).allSatisfy { $0 == .zero })
    #expect(pauses.dropFirst(RepairPace.free).prefix(4) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
    #expect(pauses.last == RepairPace.longest)
  }

  @Test func `rules that were left alone for long are put back at once again`() {
    var pace = RepairPace()
    for _ in 0..<20 { _ = pace.pause(after: start) }
    #expect(pace.pause(after: start + .seconds(60)) == RepairPace.longest)
    #expect(pace.pause(after: start + .seconds(181)) == .zero)
  }
}
