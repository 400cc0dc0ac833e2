/// What an exec session runs in a container.
public struct ExecConfiguration: Equatable, Sendable {
  public var arguments: [String] = []
  /// `NAME=value`, on top of the container's own.
  public var environment: [String] = []
  /// `nil`: the container's.
  public var workingDirectory: String?
  /// Empty: the container's.
  public var user = ""
  public var terminal = false
  public var privileged = false
  public var streams = StreamSelection()
  public var detachKeys = ""
  /// Height and width in characters; empty if the client did not say.
  public var consoleSize: [UInt16] = []

  public init() {}

  /// As Docker's events have it: there is a space behind a program without arguments, too.
  var commandLine: String { "\(arguments.first ?? "") \(arguments.dropFirst().joined(separator: " "))" }
}

/// What is known of an exec session.
public struct ExecSnapshot: Equatable, Sendable {
  public var id: String
  public var container: ContainerID
  public var configuration: ExecConfiguration
  public var state: ExecState
}

/// Where an exec session is in its life.
public enum ExecState: Equatable, Sendable {
  case created
  /// Being started; it has no process yet.
  case starting
  case running(pid: Int32)
  /// `pid` is `nil` if it could not be started; `status` if nobody is left who knows it: the shim was killed.
  case exited(status: Int32?, pid: Int32?)
}
