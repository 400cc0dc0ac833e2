/// Where a container is in its life. What only makes sense in one state is that case's payload.
///
/// ```
///            started                exited
///  created ───────────▶ running ───────────▶ exited ──┐ started
///     │ ▲ startFailed      ▲ ──────────────────────────┘
///     │ └──┘               │
///     │ removalBegan       └── (exited, startFailed: stays exited)
///     ▼
///  removing ──▶ (gone)     removalFailed ──▶ dead ──▶ removing
///
///  exited ──restartPlanned──▶ restarting ──started──▶ running
///                                 └── startFailed, restartCancelled ──▶ exited
/// ```
public enum ContainerState: Equatable, Sendable {
  /// Made, never started; with the reason if starting it was tried and failed.
  case created(StartFailure?)
  case running(Running)
  case exited(Exit)
  /// Ended, and about to be started again by its restart policy.
  case restarting(Exit)
  /// Being taken apart; the next start of the daemon finishes it.
  case removing
  /// Taking it apart failed.
  case dead(reason: String)

  public struct StartFailure: Equatable, Sendable {
    public var message: String
    /// What Docker's inspect shows as exit code: 127 not found, 126 not executable, 128 anything else.
    public var status: Int32

    public init(message: String, status: Int32) {
      self.message = message
      self.status = status
    }
  }

  public struct Running: Equatable, Sendable {
    /// Of the container's init, as the host numbers it.
    public var pid: Int32
    public var startedAt: Timestamp
    /// Names its network namespace; new for every run.
    public var sandboxID: String
    /// Whether its processes are stopped where they are. Docker calls this another state: ``Status/paused``.
    public var isPaused = false

    public init(pid: Int32, startedAt: Timestamp, sandboxID: String = ContainerID.random().text) {
      self.pid = pid
      self.startedAt = startedAt
      self.sandboxID = sandboxID
    }
  }

  public struct Exit: Equatable, Sendable {
    /// The exit code, or 128 plus the signal's number.
    public var status: Int32
    public var outOfMemory: Bool
    /// `nil` only if the start was never recorded.
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp
    /// What went wrong besides the process's own end, for a person; empty if nothing did.
    public var error: String

    public init(
      status: Int32, outOfMemory: Bool = false, startedAt: Timestamp?, finishedAt: Timestamp, error: String = ""
    ) {
      self.status = status
      self.outOfMemory = outOfMemory
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.error = error
    }
  }
}

extension ContainerState {
  /// Docker's word for it.
  public enum Status: String, Sendable, CaseIterable {
    case created, running, paused, restarting, exited, removing, dead
  }

  public var status: Status {
    switch self {
    case .created: .created
    case .running(let running): running.isPaused ? .paused : .running
    case .restarting: .restarting
    case .exited: .exited
    case .removing: .removing
    case .dead: .dead
    }
  }

  public var running: Running? { if case .running(let running) = self { running } else { nil } }

  /// How it ended last, unless it runs.
  public var exit: Exit? {
    switch self {
    case .exited(let exit), .restarting(let exit): exit
    case .created, .running, .removing, .dead: nil
    }
  }

  public var isRestarting: Bool { if case .restarting = self { true } else { false } }

  /// Whether it runs or soon will again: what Docker calls running in lists, and wherever somebody has to stop it first.
  public var isActive: Bool { running != nil || isRestarting }
}
