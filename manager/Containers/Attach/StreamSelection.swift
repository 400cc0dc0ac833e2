/// Which of a process's streams a client wants.
public struct StreamSelection: Equatable, Sendable {
  public var stdin: Bool
  public var stdout: Bool
  public var stderr: Bool

  public init(stdin: Bool = false, stdout: Bool = false, stderr: Bool = false) {
    self.stdin = stdin
    self.stdout = stdout
    self.stderr = stderr
  }
}
