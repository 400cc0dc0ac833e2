internal import Glibc
internal import LinuxKernel
internal import Synchronization

/// Space that the write-ahead log has before it needs any: on a full disk it must still be possible to remove things, and
/// that is recorded before it frees anything.
///
/// The blocks are allocated past the end of the log (`fallocate(2)`, `FALLOC_FL_KEEP_SIZE`), so that nobody else can get them
/// and SQLite need not know. SQLite never makes the log shorter while the database is open, and writes it from its start
/// again after each checkpoint. A file system that cannot allocate ahead has no reserve. What adds to the database may not
/// use it: ``checkFreeSpace()``.
final class SpaceReserve: Sendable {
  /// Bytes: what the log grows to until SQLite's automatic checkpoint (1000 pages of 4 KiB), and half of that again, since
  /// a checkpoint that would make the database longer fails on a full disk, and the log then goes on.
  static let size: Int64 = 6 << 20
  /// Bytes that the file system must have for others before anything is added.
  private static let leastFree = 1 << 20
  /// Between attempts to have it.
  private static let pause = Duration.seconds(10)

  private struct State {
    var isHeld = false
    var nextAttempt = ContinuousClock.now
  }

  private let log: String
  private let state = Mutex(State())

  /// - Parameter log: the path of the write-ahead log.
  init(of log: String) { self.log = log }

  /// Takes the space if it is not held and it is time to try. Blocks.
  func hold() {
    state.withLock { state in
      guard !state.isHeld, state.nextAttempt <= .now else { return }
      state.nextAttempt = .now + Self.pause
      state.isHeld = allocate()
    }
  }

  /// - Throws: ENOSPC where next to nothing is free, even if the reserve would do.
  func checkFreeSpace() throws(SyscallError) {
    var status = statvfs()
    guard statvfs(log, &status) == 0, status.f_blocks > 0 else { return }  // Unknown; the write itself finds out.
    // ext4 has some of these for itself: one block of fifty, and no more than 4096.
    let free = max(Int(status.f_bfree) - min(Int(status.f_blocks) / 50, 4096), 0) * Int(status.f_frsize)
    guard free >= Self.leastFree else { throw SyscallError("write", log, errno: .noSpace) }
  }

  private func allocate() -> Bool {
    do throws(SyscallError) {
      try FileDescriptor.open(log, [.writeOnly, .noFollow]).allocateAhead(upTo: Self.size)
      return true
    } catch {
      return false  // Where there is no space, or no log yet, there is nothing to hold; the next attempt may find some.
    }
  }
}
