internal import LinuxKernel

/// What could not be done to the root file system, and which part of the configuration asked for it.
package struct RootfsError: Error, Equatable, CustomStringConvertible {
  /// The path in `config.json`, `mounts[3].options`.
  package var culprit: String
  package var reason: String

  package init(_ culprit: String, _ reason: String) {
    self.culprit = culprit
    self.reason = reason
  }

  package var description: String { "\(culprit): \(reason)" }
}

/// Runs `body`; its failure is `culprit`'s, on `subject`.
func blaming<Value: ~Copyable>(
  _ culprit: @autoclosure () -> String, _ subject: @autoclosure () -> String = "",
  _ body: () throws(SyscallError) -> Value
) throws(RootfsError) -> Value {
  do { return try body() } catch {
    let subject = subject()
    throw RootfsError(culprit(), subject.isEmpty ? "\(error)" : "\(subject): \(error)")
  }
}
