internal import ArgumentParser
internal import Client

/// The switchyard: which of its two things `proa` is this time, the daemon or its client.
@main
struct Proa: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proa", abstract: "Runs containers.",
    discussion: """
      -H unix:///path, also before the command, says where the daemon is; else PROA_HOST or DOCKER_HOST.

      \(ClientCommands.advice)
      """,
    subcommands: [DaemonCommand.self] + ClientCommands.all, helpNames: .long)

  @Flag(name: .long, help: "Show the version.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    print(Version.text)
  }

  static func main() { ClientCommands.main(Self.self) }
}
