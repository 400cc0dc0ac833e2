internal import LinuxKernel
internal import Synchronization

/// What all processors together have spent since the machine's start, idle or not.
///
/// The kernel needs long to write it down, for it counts the interrupts beside. So it is read at most once a second, whoever asks,
/// and carried on by the clock in between: every processor spends a second in a second.
final class MachineTime: Sendable {
  struct Sample: Equatable, Sendable {
    /// Nanoseconds.
    var total: UInt64 = 0
    var processors = 0
  }

  private struct Reading {
    var sample: Sample
    var instant: ContinuousClock.Instant
  }

  private let last = Mutex<Reading?>(nil)
  private let read: @Sendable () throws(SyscallError) -> String

  /// - Parameter read: gives the text of `/proc/stat`. Blocks.
  init(
    read: @escaping @Sendable () throws(SyscallError) -> String = { () throws(SyscallError) in
      String(decoding: try AtomicFile.read("/proc/stat", limit: 4 << 20), as: UTF8.self)
    }
  ) { self.read = read }

  /// The time at `instant`, which is now.
  func sample(at instant: ContinuousClock.Instant = .now) throws(SyscallError) -> Sample {
    try last.withLock { last throws(SyscallError) in
      if let last, let age = Self.nanoseconds(from: last.instant, to: instant) {
        var sample = last.sample
        sample.total += age * UInt64(sample.processors)
        return sample
      }
      let sample = Self.parse(try read())
      last = Reading(sample: sample, instant: instant)
      return sample
    }
  }

  /// Nil if it is not less than a second.
  private static func nanoseconds(
    from start: ContinuousClock.Instant, to end: ContinuousClock.Instant
  ) -> UInt64? {
    let parts = (end - start).components
    return parts.seconds == 0 && parts.attoseconds >= 0 ? UInt64(parts.attoseconds / 1_000_000_000) : nil
  }

  /// As proc_stat(5) has it, in hundredths of a second.
  static func parse(_ text: String) -> Sample {
    var sample = Sample()
    for line in text.fields("\n") {
      guard line.hasPrefix("cpu") else { break }
      let fields = line.fields(" ")
      if fields[0] != "cpu" {
        sample.processors += 1
      } else {
        // Guests' time is in the user's already.
        sample.total = fields.dropFirst().prefix(7).reduce(0) { $0 + (UInt64($1) ?? 0) } * 10_000_000
      }
    }
    return sample
  }
}
