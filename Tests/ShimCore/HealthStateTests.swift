import ShimProtocol
import Testing

@testable import ShimCore

@Suite struct HealthStateTests {
  private static let second: Int64 = 1_000_000_000

  private func state(retries: UInt32 = 3, startPeriod: Int64 = 0) -> HealthState {
    var check = HealthCheck()
    check.retries = retries
    check.startPeriod = startPeriod
    return HealthState(check)
  }

  private func probe(_ state: inout HealthState, _ exitCode: Int32, at start: Int64 = 0) {
    var result = ProbeResult(number: state.probeBegins(), start: "", end: "")
    result.exitCode = exitCode
    state.probeEnded(result, start: start)
  }

  /// Exit codes of probes, and what they come to.
  @Test(
    arguments: [
      ([], .starting, 0), ([0], .healthy, 0), ([1], .starting, 1), ([1, 1, 1], .unhealthy, 3),
      ([1, 1, 0], .healthy, 0), ([0, 1, 1], .healthy, 2), ([0, 1, -1, 137], .unhealthy, 3),
      ([1, 1, 1, 1, 0], .healthy, 0), ([2, 2, 2, 2], .unhealthy, 4),
    ] as [([Int32], HealthStatus, UInt32)])
  func statusFollowsTheProbes(exitCodes: [Int32], status: HealthStatus, streak: UInt32) {
    var state = state()
    for exitCode in exitCodes { probe(&state, exitCode) }
    #expect(state.report.status == status)
    #expect(state.report.failingStreak == streak)
    #expect(state.report.begun == UInt64(exitCodes.count))
  }

  @Test func failuresOfTheStartPeriodDoNotCount() {
    var state = state(retries: 1, startPeriod: 10 * Self.second)
    probe(&state, 1, at: 3 * Self.second)
    probe(&state, 1, at: 9 * Self.second)
    #expect(state.report.status == .starting && state.report.failingStreak == 0)
    probe(&state, 1, at: 10 * Self.second)
    #expect(state.report.status == .unhealthy)
  }

  @Test func oneThatWasWellHasNoStartPeriodAnyMore() {
    var state = state(retries: 1, startPeriod: 10 * Self.second)
    probe(&state, 0, at: 1)
    probe(&state, 1, at: 2)
    #expect(state.report.status == .unhealthy)
  }

  @Test func intervals() {
    var state = state(startPeriod: 10 * Self.second)
    #expect(state.pause(at: 0) == 5 * Self.second)
    #expect(state.pause(at: 10 * Self.second) == 30 * Self.second)
    probe(&state, 0)
    #expect(state.pause(at: 0) == 30 * Self.second)
  }

  @Test func theLogIsShortAndEveryChangeHasItsNumber() {
    var state = state()
    state.begin()
    var sequences = [state.report.sequence]
    for _ in 0..<7 {
      probe(&state, 0)
      sequences.append(state.report.sequence)
    }
    #expect(state.report.log.map(\.number) == [3, 4, 5, 6, 7])
    #expect(Set(sequences).count == sequences.count)
  }

  @Test func whoIsNotProbedIsNotWell() {
    var state = state()
    probe(&state, 0)
    let before = state.report.sequence
    state.probingStopped()
    #expect(state.report.status == .unhealthy && state.report.sequence == before + 1)
    state.probingStopped()
    #expect(state.report.sequence == before + 1)
    probe(&state, 0)
    #expect(state.report.status == .healthy)
  }

  @Test(
    arguments: [
      (0, "0s"), (1, "1ns"), (1500, "1.5µs"), (500_000_000, "500ms"), (1_000_000_000, "1s"), (1_500_000_000, "1.5s"),
      (60_000_000_000, "1m0s"), (90_010_000_000, "1m30.01s"), (3_600_000_000_000, "1h0m0s"),
    ] as [(Int64, String)])
  func durationsAsGoWritesThem(nanoseconds: Int64, text: String) { #expect(GoDuration.text(nanoseconds) == text) }

  @Test func outputIsCut() {
    var output = ProbeOutput()
    output.append(Array("a\n".utf8))
    #expect(output.text == "a\n")
    output.append(Array(repeating: 0x62, count: 4094))
    #expect(output.text.utf8.count == 4096)
    output.append([0x63])
    output.append([0x63])
    #expect(output.text == "a\n" + String(repeating: "b", count: 4094) + "...")
  }
}
