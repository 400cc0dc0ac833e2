internal import ArgumentParser

/// How a container is to be stopped, for good or to be started again.
struct StopOptions: ParsableArguments {
  @Option(name: [.short, .long], parsing: .unconditional, help: "Signal to send to the container")
  var signal: String?
  @Option(
    name: [.short, .customLong("timeout"), .customLong("time")], parsing: .unconditional,
    help: "Seconds to wait before killing the container")
  var timeout: Int?

  func added(to target: RequestTarget) -> RequestTarget {
    target.with("signal", signal).with("t", timeout.map { "\($0)" })
  }
}
