internal import LinuxKernel
public import OCIRuntimeSpec

/// `process.execCPUAffinity` (config.md §Linux Process), checked: where a process that joins a container runs.
public struct ExecAffinity: Equatable, Sendable {
  private let initial: [Int]
  private let final: [Int]

  public init(_ affinity: CPUAffinity?) throws(ConfinementError) {
    initial = try Self.processors(affinity?.initial ?? "", "initial")
    final = try Self.processors(affinity?.final ?? "", "final")
  }

  /// Before the process is moved into the container's group.
  public func applyInitial(to process: Int32) throws(ConfinementError) { try apply(initial, process, "initial") }

  /// After that: the group may allow other processors than before.
  public func applyFinal(to process: Int32) throws(ConfinementError) { try apply(final, process, "final") }

  private func apply(_ processors: [Int], _ process: Int32, _ name: String) throws(ConfinementError) {
    if processors.isEmpty { return }
    try blaming("process.execCPUAffinity.\(name)") { () throws(SyscallError) in
      try Scheduling.setAffinity(processors, of: process)
    }
  }

  /// `0-3,7`; empty for none.
  private static func processors(_ text: String, _ name: String) throws(ConfinementError) -> [Int] {
    guard let processors = NumberList.numbers(in: text, below: 8192) else {
      throw ConfinementError(.invalid("\"\(text)\" is no list like 0-3,7"), path: "process.execCPUAffinity.\(name)")
    }
    return processors
  }
}
