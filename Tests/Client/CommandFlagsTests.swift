import ArgumentParser
import JSON
import Testing

@testable import Client

@Suite struct CommandFlagsTests {
  @Test(arguments: [
    (["run", "-iteA=b", "x", "-eA=b"], ["run", "--interactive", "--tty", "--env=A=b", "x", "-eA=b"]),
    (["run", "--rm=false", "--tty=true", "x"], ["run", "--tty", "x"]),
    (["run", "--rm", "--rm=0", "x"], ["run", "x"]),
    (["run", "--name", "n", "-m=1g", "x", "--rm=1"], ["run", "--name=n", "--memory=1g", "x", "--rm=1"]),
    (["run", "--env=A=b", "-v", "-x", "x"], ["run", "--env=A=b", "--volume=-x", "x"]),
    (["run", "--sig-proxy", "-h", "n", "--", "x", "-d"], ["run", "--sig-proxy=true", "--hostname=n", "x", "-d"]),
    (["run", "--help"], ["run", "--help"]), (["ps", "-h"], ["ps", "--help"]),
    (["exec", "-it", "c", "sh"], ["exec", "--interactive", "--tty", "c", "sh"]),
    (["ps", "-aqn5", "-f=a=b"], ["ps", "--all", "--quiet", "--last=5", "--filter=a=b"]),
    (["logs", "c", "-f", "--tail", "-1"], ["logs", "--follow", "--tail=-1", "c"]),
    (["rm", "-f", "--", "-x"], ["rm", "--force", "--", "-x"]), (["daemon", "-H", "x"], ["daemon", "-H", "x"]),
  ])
  func dockersFormsOfFlagsAreRead(_ arguments: [String], _ expected: [String]) throws {
    #expect(try FlagForms.normalize(arguments) == expected)
  }

  @Test(arguments: [
    (["run", "--foo"], "unknown flag: --foo"), (["run", "-dZi", "x"], "unknown shorthand flag: 'Z' in -Zi"),
    (["create", "-d", "x"], "unknown shorthand flag: 'd' in -d"),
    (["run", "--memory"], "flag needs an argument: --memory"),
    (["run", "-m"], "flag needs an argument: 'm' in -m"),
    (
      ["run", "--rm=maybe", "x"],
      "invalid argument \"maybe\" for \"--rm\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
    ),
    (
      ["run", "-c", "x", "y"],
      "invalid argument \"x\" for \"-c, --cpu-shares\" flag: strconv.ParseInt: parsing \"x\": invalid syntax"
    ),
  ])
  func otherFlagsAreNamed(_ arguments: [String], _ message: String) throws {
    let command = try #require(arguments.first)
    let usage = "Usage:  proa \(command) [OPTIONS] IMAGE [COMMAND] [ARG...]"
    #expect(throws: ClientError.usage("\(message)\n\n\(usage)\n\nRun 'proa \(command) --help' for more information")) {
      try FlagForms.normalize(arguments)
    }
  }

  @Test(arguments: [
    (["ps", "x"], "'proa ps' accepts no arguments"), (["logs"], "'proa logs' requires 1 argument"),
    (["logs", "a", "b"], "'proa logs' requires 1 argument"),
    (["images", "a", "b"], "'proa images' requires at most 1 argument"),
    (["exec", "a"], "'proa exec' requires at least 2 arguments"), (["run"], "'proa run' requires at least 1 argument"),
  ])
  func otherNumbersOfArgumentsAreRefused(_ arguments: [String], _ message: String) {
    let error = #expect(throws: ClientError.self) { try FlagForms.normalize(arguments) }
    #expect(error?.description.hasPrefix("proa: \(message)\n\nUsage:  proa ") == true)
    #expect(error.map { ContainerRun.exitCode(for: $0) } == 1)
  }

  private struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "proa", subcommands: ClientCommands.all)
  }

  /// The table says of each command what ArgumentParser does: a flag that is only in one of them is a mistake.
  @Test func theTableHasTheDeclaredFlags() throws {
    let error = #expect(throws: (any Error).self) { try Root.parseAsRoot(["--experimental-dump-help"]) }
    let dump = try JSONReader.read(Root.fullMessage(for: try #require(error)))
    var names: Set<String> = []
    for command in dump["command"]?["subcommands"]?.array ?? [] {
      let name = command["commandName"]?.string ?? ""
      guard name != "help" else { continue }
      names.insert(name)
      let known = try #require(CommandFlags.all[name], "\(name) is not in the table")
      var table: [String: String] = [:]
      for flag in known.flags where flag.long != "help" {
        table[flag.long] = (flag.short.map { "\($0) " } ?? "") + (flag.kind == .boolean ? "flag" : "option")
      }
      #expect(declared(command) == table, "proa \(name)")
    }
    #expect(names == Set(CommandFlags.all.keys))
  }

  /// Its flags by their long names: short name and kind.
  private func declared(_ command: JSONValue) -> [String: String] {
    var flags: [String: String] = [:]
    for argument in command["arguments"]?.array ?? [] where argument["kind"]?.string != "positional" {
      let names = argument["names"]?.array ?? []
      let short = names.first { $0["kind"]?.string == "short" }?["name"]?.string
      let longs = names.filter { $0["kind"]?.string == "long" }.compactMap { $0["name"]?.string }
      for (index, long) in longs.enumerated() where long != "help" {
        flags[long] = (index == 0 ? short.map { "\($0) " } ?? "" : "") + (argument["kind"]?.string ?? "")
      }
    }
    return flags
  }
}
