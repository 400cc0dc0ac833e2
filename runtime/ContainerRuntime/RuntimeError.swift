package import Cgroups
package import Confinement
package import JSON
package import LinuxKernel
package import Rootfs

/// Why a command did not do what it was asked, in one line for a person.
package struct RuntimeError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
  package init(_ error: SyscallError) { description = "\(error)" }
  package init(_ error: RootfsError) { description = "\(error)" }
  package init(_ error: CgroupError) { description = "\(error)" }
  package init(_ error: ConfinementError) { description = "\(error)" }

  /// - Parameter path: the culprit in `config.json`.
  package init(at path: String, _ reason: String) { description = "\(path): \(reason)" }

  package init(_ error: JSONError, in file: String) { description = "\(file): \(error)" }
}

extension RuntimeError {
  static let notThere = RuntimeError("container does not exist")
}

/// Runs `body`; its failure is told with what was being done.
@discardableResult
func explaining<Value: ~Copyable>(
  _ what: @autoclosure () -> String = "", _ body: () throws(SyscallError) -> Value
) throws(RuntimeError) -> Value {
  do { return try body() } catch {
    let what = what()
    throw RuntimeError(what.isEmpty ? "\(error)" : "\(what): \(error)")
  }
}

@discardableResult
func explaining<Value: ~Copyable>(_ body: () throws(RootfsError) -> Value) throws(RuntimeError) -> Value {
  do { return try body() } catch { throw RuntimeError(error) }
}

@discardableResult
func explaining<Value: ~Copyable>(_ body: () throws(CgroupError) -> Value) throws(RuntimeError) -> Value {
  do { return try body() } catch { throw RuntimeError(error) }
}

@discardableResult
func explaining<Value: ~Copyable>(_ body: () throws(ConfinementError) -> Value) throws(RuntimeError) -> Value {
  do { return try body() } catch { throw RuntimeError(error) }
}
