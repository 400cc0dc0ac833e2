/// Docker's groups, `proa container ls`: other names for the commands that stand by themselves.
enum CommandGroups {
  private static let containers = Dictionary(
    uniqueKeysWithValues: [
      "attach", "commit", "cp", "create", "diff", "exec", "export", "kill", "logs", "pause", "port", "rename",
      "restart", "rm", "run", "start", "stats", "stop", "top", "unpause", "update", "wait",
    ].map { ($0, [$0]) })

  /// What stands for each, by the group and the name in it.
  private static let all: [String: [String: [String]]] = [
    "container": containers.merging([
      "ls": ["ps"], "ps": ["ps"], "list": ["ps"], "remove": ["rm"], "inspect": ["inspect", "--type=container"],
      "prune": ["container prune"],
    ]) { $1 },
    "image": [
      "ls": ["images"], "list": ["images"], "rm": ["rmi"], "remove": ["rmi"], "load": ["load"], "save": ["save"],
      "import": ["import"], "pull": ["pull"], "push": ["push"], "inspect": ["inspect", "--type=image"],
      "history": ["history"], "tag": ["tag"], "prune": ["image prune"],
    ],
    "network": [
      "ls": ["network ls"], "list": ["network ls"], "create": ["network create"],
      "inspect": ["inspect", "--type=network"], "rm": ["network rm"], "remove": ["network rm"],
      "prune": ["network prune"], "connect": ["network connect"], "disconnect": ["network disconnect"],
    ],
    "volume": [
      "ls": ["volume ls"], "list": ["volume ls"], "create": ["volume create"], "inspect": ["inspect", "--type=volume"],
      "rm": ["volume rm"], "remove": ["volume rm"], "prune": ["volume prune"],
    ],
    "system": [
      "events": ["events"], "info": ["info"], "df": ["system df"], "fsck": ["system fsck"], "prune": ["system prune"],
    ],
  ]

  /// Their names, for whoever reads what there is.
  static let names = all.keys.sorted()

  /// The command line with the command that is meant.
  /// - Throws: ``ClientError/tooFewArguments(_:)`` if a group has no such command; ``ClientError/help(_:toOutput:)`` if
  ///   only the group is named, on standard output if its help was asked for.
  static func resolve(_ arguments: [String]) throws(ClientError) -> [String] {
    guard let group = arguments.first, let names = all[group] else { return arguments }
    let list = names.keys.sorted().joined(separator: ", ")
    let usage = "Usage:  proa \(group) COMMAND\n\nCommands: \(list)"
    guard let name = arguments.dropFirst().first else { throw .help(usage, toOutput: false) }
    guard name != "--help", name != "-h" else { throw .help(usage, toOutput: true) }
    guard let command = names[name] else {
      throw .tooFewArguments("proa: unknown command: proa \(group) \(name)\n\n\(usage)")
    }
    return command + arguments.dropFirst(2)
  }
}
