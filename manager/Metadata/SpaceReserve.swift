internal import Glibc
internal import LinuxKernel
internal import Synchronization

/// A file beside the database that holds some space, to be given up when there is no other: on a full disk it must still
/// be possible to remove things, and that is recorded before it frees anything.
final class SpaceReserve: Sendable {
  /// Bytes: some hundreds of small transactions.
  static let size = 1 << 20
  /// Between attempts to have it again.
  private static let pause = Duration.seconds(10)

  private struct State {
    var isHeld = false
    var nextAttempt = ContinuousClock.now
  }

  private let path: String
  private let state = Mutex(State())

  init(_ path: String) { self.path = path }

  /// Takes the space if it is not held and it is time to try. Blocks.
  func hold() {
    state.withLock { state in
      guard !state.isHeld, state.nextAttempt <= .now else { return }
      state.nextAttempt = .now + Self.pause
      state.isHeld = allocate()
    }
  }

  /// Gives the space up. Blocks.
  /// - Returns: whether there was any.
  func release() -> Bool {
    state.withLock { state in
      guard state.isHeld else { return false }
      state.isHeld = false
      state.nextAttempt = .now + Self.pause
      return unlink(path) == 0
    }
  }

  private func allocate() -> Bool {
    do throws(SyscallError) {
      let file = try FileDescriptor.open(path, [.writeOnly, .create, .noFollow], mode: 0o600)
      if posix_fallocate(file.number, 0, Self.size) == 0 { return true }
    } catch {
      // Where there is no space to hold, there is none to give up.
    }
    unlink(path)
    return false
  }
}
