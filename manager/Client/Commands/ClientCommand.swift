package import ArgumentParser
internal import Glibc

/// Where a command finds the daemon.
package struct GlobalOptions: ParsableArguments {
  @Option(
    name: [.customShort("H", allowingJoined: true), .customLong("host")],
    help: "Daemon socket to connect to, unix:///path.")
  var host: String?

  package init() {}

  /// - Throws: ``ClientError`` if there is no daemon at the address.
  func engine() async throws -> EngineClient {
    let address = try DaemonAddress(option: host) { name in getenv(name).map { String(cString: $0) } }
    return try await EngineClient(address: address).negotiated()
  }
}

/// A command whose arguments, from the first one that is no option on, belong to the container: so `--help` is found among
/// them when it comes first.
protocol PassthroughCommand: ParsableCommand {
  var words: [String] { get }
}

extension PassthroughCommand {
  func checkForHelp() throws {
    if words.first == "--help" { throw CleanExit.helpRequest(Self.self) }
  }
}

/// A command that talks to the daemon.
protocol ClientCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }

  func execute(_ engine: EngineClient) async throws
}

extension ClientCommand {
  package func run() async throws {
    do {
      try await execute(global.engine())
    } catch let code as ExitCode {
      throw code
    } catch ClientError.template(let message) {
      try await StandardOutput.errors.writeLine(message)
      throw ExitCode(64)
    } catch {
      try await StandardOutput.errors.writeLine("\(error)")
      throw ExitCode(1)
    }
  }
}

extension ClientCommand {
  /// Does the same to each of several things; what fails does not keep the others from their turn.
  /// - Throws: exit code 1 if one failed.
  func each(_ names: [String], _ body: (String) async throws -> Void) async throws {
    var hasFailed = false
    for name in names {
      do { try await body(name) } catch {
        hasFailed = true
        try await StandardOutput.errors.writeLine("\(error)")
      }
    }
    if hasFailed { throw ExitCode(1) }
  }
}

/// The commands of the client, for the root command.
package enum ClientCommands {
  /// What the root's help says of commands that are not in its list.
  package static let advice =
    "The same commands go by Docker's longer names, `proa container ls`; `proa GROUP --help` lists those of a group: "
    + CommandGroups.names.joined(separator: ", ") + "."

  package static let all: [any ParsableCommand.Type] = [
    RunCommand.self, CreateCommand.self, StartCommand.self, PsCommand.self, LogsCommand.self, ExecCommand.self,
    AttachCommand.self, StopCommand.self, KillCommand.self, RmCommand.self, WaitCommand.self, InspectCommand.self,
    RestartCommand.self, RenameCommand.self, UpdateCommand.self, LoadCommand.self, SaveCommand.self,
    ImportCommand.self, CommitCommand.self, PullCommand.self, PushCommand.self, ImagesCommand.self, RmiCommand.self,
    EventsCommand.self, CopyCommand.self, DiffCommand.self, ExportCommand.self, StatsCommand.self, PauseCommand.self,
    UnpauseCommand.self, TopCommand.self, PortCommand.self, VersionCommand.self, InfoCommand.self, TagCommand.self,
    HistoryCommand.self, NetworksCommand.self, NetworkCreateCommand.self, NetworkRemoveCommand.self,
    NetworkPruneCommand.self, NetworkConnectCommand.self, NetworkDisconnectCommand.self, VolumesCommand.self,
    VolumeCreateCommand.self, VolumeRemoveCommand.self, VolumePruneCommand.self, ContainerPruneCommand.self,
    ImagePruneCommand.self, SystemPruneCommand.self, DiskUsageCommand.self, FsckCommand.self, LoginCommand.self,
    LogoutCommand.self, SearchCommand.self,
  ]
}
