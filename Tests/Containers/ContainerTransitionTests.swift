import Testing

@testable import Containers

/// Every state against everything that can happen: the whole table, so that a new case must take a stand.
@Suite struct ContainerTransitionTests {
  static let time = Timestamp(nanoseconds: 1_000)
  static let later = Timestamp(nanoseconds: 2_000)
  static let running = ContainerState.Running(pid: 42, startedAt: time)
  static let paused = {
    var paused = running
    paused.isPaused = true
    return paused
  }()
  static let exit = ContainerState.Exit(status: 7, startedAt: time, finishedAt: later)
  static let failure = ContainerState.StartFailure(message: "no such file", status: 127)

  static let states: [ContainerState] = [
    .created(nil), .running(running), .exited(exit), .removing, .dead(reason: "busy"), .running(paused),
    .restarting(exit),
  ]
  static let transitions: [ContainerTransition] = [
    .started(running), .startFailed(failure, at: later),
    .exited(status: 7, outOfMemory: false, at: later, error: ""), .removalBegan, .removalFailed(reason: "busy"),
    .paused, .resumed, .restartPlanned, .restartCancelled,
  ]

  /// `nil`: not allowed.
  static let table: [[ContainerState?]] = [
    [.running(running), .created(failure), nil, .removing, nil, nil, nil, nil, nil],
    [nil, nil, .exited(exit), nil, nil, .running(paused), nil, nil, nil],
    [
      .running(running),
      .exited(.init(status: 127, startedAt: time, finishedAt: later, error: "no such file")), nil, .removing, nil,
      nil, nil, .restarting(exit), nil,
    ],
    [nil, nil, nil, .removing, .dead(reason: "busy"), nil, nil, nil, nil],
    [nil, nil, nil, .removing, nil, nil, nil, nil, nil],
    [nil, nil, .exited(exit), nil, nil, nil, .running(running), nil, nil],
    [
      .running(running),
      .exited(.init(status: 127, startedAt: time, finishedAt: later, error: "no such file")), nil, nil, nil, nil, nil,
      nil, .exited(exit),
    ],
  ]

  @Test(arguments: states.indices, transitions.indices)
  func transition(state: Int, transition: Int) throws {
    let (before, event) = (Self.states[state], Self.transitions[transition])
    if let expected = Self.table[state][transition] {
      #expect(try before.after(event) == expected)
    } else {
      #expect(throws: IllegalTransition(operation: event.operation, status: before.status)) {
        try before.after(event)
      }
    }
  }

  @Test func nothingEndsBeforeItsStart() throws {
    let ended = try ContainerState.running(.init(pid: 42, startedAt: Self.later)).after(
      .exited(status: 0, outOfMemory: false, at: Self.time, error: ""))
    #expect(ended.exit?.finishedAt == Self.later)
  }

  @Test func messageNamesOperationAndState() {
    #expect(
      "\(IllegalTransition(operation: "start", status: .running))" == "cannot start a container that is running")
  }

  @Test(arguments: states + [.created(failure)])
  func roundTripsAsJSON(state: ContainerState) throws {
    #expect(try ContainerState(jsonText: state.text) == state)
  }
}
