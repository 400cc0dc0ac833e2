internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// Writes a process's exit record, and keeps at it where that cannot be done: on a full disk, on one that has become
/// read-only. The container's end waits for no disk: who asks is told from memory, and the shim stays until it is written.
final class ExitRecorder {
  private let path: String
  private let loop: EventLoop
  private var retry: EventLoop.Timer?
  private var failures = 0
  private let me = WeakReference<ExitRecorder>()

  /// Milliseconds.
  private static let firstPause: Int64 = 100
  private static let longestPause: Int64 = 10_000

  init(_ path: String, _ loop: EventLoop) {
    self.path = path
    self.loop = loop
    me.object = self
  }

  deinit { me.object = nil }

  /// Whether there is a record that only this process knows.
  var isUnwritten: Bool { retry != nil }

  func write(_ record: ExitRecord) {
    retry = nil
    do throws(SyscallError) {
      try AtomicFile.write(JSONWriter.bytes(record), to: path)
      if failures > 0 { loop.report("the exit is recorded, after \(failures) failures") }
    } catch {
      if failures == 0 { loop.report("cannot record the exit, trying again until it is: \(error)") }
      failures += 1
      let pause = min(ExitRecorder.firstPause << Int64(min(failures - 1, 10)), ExitRecorder.longestPause)
      retry = loop.after(milliseconds: pause) { [me] in me.object?.write(record) }
    }
  }

  /// The process is forgotten, and its folder goes.
  func stop() {
    if let retry { loop.cancel(retry) }
    retry = nil
  }
}
