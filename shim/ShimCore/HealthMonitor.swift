internal import LinuxKernel
internal import ShimProtocol

/// Probes a container that runs, again and again, and tells whoever asks what became of it.
final class HealthMonitor {
  private var state: HealthState
  private let check: HealthCheck
  private let loop: EventLoop
  /// Makes a probe that has not begun.
  private let makeProbe: () -> HealthProbe
  private var startedAt = MonotonicTime.now
  private var timer: EventLoop.Timer?
  /// The one that runs.
  private(set) var probe: HealthProbe?
  private var isProbing = false
  private var isStopped = false
  private var hasEnded = false
  private var waiters: [UInt64: (sequence: UInt64, body: (Result<HealthReport, ShimFailure>) -> Void)] = [:]
  private var lastWaiter: UInt64 = 0
  private let me = WeakReference<HealthMonitor>()

  init(_ check: HealthCheck, _ loop: EventLoop, makeProbe: @escaping () -> HealthProbe) {
    self.check = check
    self.loop = loop
    self.makeProbe = makeProbe
    state = HealthState(check)
    me.object = self
  }

  deinit { me.object = nil }

  // MARK: - Probing

  /// The container runs from now on.
  func begin() {
    startedAt = .now
    state.begin()
    resume()
  }

  /// Goes on after ``suspend()``, an interval from now.
  func resume() {
    guard !isStopped, !isProbing else { return }
    isProbing = true
    tell()
    scheduleNext()
  }

  /// Stops probing for now; what a probe that runs would have shown does not count.
  func suspend() {
    guard isProbing else { return }
    isProbing = false
    if let timer { loop.cancel(timer) }
    probe?.abandon()
    (timer, probe) = (nil, nil)
    state.probingStopped()
    tell()
  }

  /// Stops probing for good.
  func stop() {
    isStopped = true
    suspend()
  }

  /// The container has ended.
  func end() {
    stop()
    hasEnded = true
    tell()
  }

  private var nanosecondsSinceStart: Int64 { (MonotonicTime.now.milliseconds - startedAt.milliseconds) * 1_000_000 }

  private func scheduleNext() {
    let pause = state.pause(at: nanosecondsSinceStart)
    timer = loop.after(milliseconds: HealthMonitor.milliseconds(pause)) { [me] in me.object?.runProbe() }
  }

  private func runProbe() {
    let (number, start, since) = (state.probeBegins(), HealthMonitor.now, nanosecondsSinceStart)
    tell()
    let probe = makeProbe()
    self.probe = probe
    probe.run(timeout: check.timeout) { [me] outcome in
      var result = ProbeResult(number: number, start: start, end: HealthMonitor.now)
      (result.exitCode, result.processStatus, result.output) = (outcome.exitCode, outcome.status, outcome.output)
      me.object?.ended(result, since)
    }
  }

  private func ended(_ result: ProbeResult, _ start: Int64) {
    probe = nil
    state.probeEnded(result, start: start)
    tell()
    scheduleNext()
  }

  private static var now: String { String(decoding: Timestamp.text(.now, .nanoseconds), as: UTF8.self) }

  /// Rounded up: no interval is shorter than it was meant.
  static func milliseconds(_ nanoseconds: Int64) -> Int64 {
    nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0)
  }

  // MARK: - Telling

  /// Calls `body` with a report whose sequence number is not `sequence`.
  /// - Returns: what takes that back.
  func report(
    after sequence: UInt64, _ body: @escaping (Result<HealthReport, ShimFailure>) -> Void
  ) -> () -> Void {
    lastWaiter += 1
    let waiter = lastWaiter
    waiters[waiter] = (sequence, body)
    tell()
    return { [me] in me.object?.waiters[waiter] = nil }
  }

  private func tell() {
    for (key, waiter) in waiters.sorted(by: { $0.key < $1.key }) {
      if waiter.sequence != state.report.sequence {
        waiters[key] = nil
        waiter.body(.success(state.report))
      } else if hasEnded {
        waiters[key] = nil
        waiter.body(.failure(ShimFailure(.conflict, "the container has ended")))
      }
    }
  }
}
