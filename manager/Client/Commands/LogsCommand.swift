internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct LogsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Fetch the logs of a container", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: .long, help: "Show extra details provided to logs")
  var details = false
  @Flag(name: [.short, .long], help: "Follow log output")
  var follow = false
  @Option(
    name: .long, help: "Show logs since timestamp (\"2013-01-02T13:23:37Z\") or relative (\"42m\" for 42 minutes)")
  var since: String?
  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional, help: "Number of lines to show from the end of the logs")
  var tail = "all"
  @Flag(name: [.short, .long], help: "Show timestamps")
  var timestamps = false
  @Option(name: .long, help: "Show logs before a timestamp or relative time")
  var until: String?
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    let inspect = try await engine.decode(ContainerInspectResponse.self, .GET, "/containers/\(container)/json")
    let target: RequestTarget = "/containers/\(inspect.id)/logs"
    let answer = try await engine.send(
      .GET,
      target.with("stdout", true).with("stderr", true).with("since", Moment.parse(since)).with(
        "until", Moment.parse(until)
      )
      .with("timestamps", timestamps).with("follow", follow).with("tail", tail).with("details", details))
    defer { answer.close() }
    var frames = FrameDecoder()
    while let piece = try await answer.next() {
      guard !inspect.config.tty else {
        try await StandardOutput.output.write(Array(piece.readableBytesView))
        continue
      }
      try await print(try frames.feed(piece.readableBytesView))
    }
  }

  /// A line is a frame: those that go to the same place go together.
  private func print(_ frames: [(stream: FrameDecoder.Stream, bytes: [UInt8])]) async throws {
    var rest = frames[...]
    while let stream = rest.first?.stream {
      let together = rest.prefix { $0.stream == stream }
      rest = rest.dropFirst(together.count)
      try await (stream == .output ? StandardOutput.output : .errors).write(together.flatMap(\.bytes))
    }
  }
}
