/// Texts about the program itself.
enum Help {
  static let version = "0.1.0"
  static let specVersion = "1.3.0"

  static var versionText: String { "proa-runtime version \(version)\nspec: \(specVersion)\n" }

  static var text: String {
    let help = ("help, h", "Shows a list of commands or help for one command")
    let commands = Command.all.map { ($0.name, $0.summary) } + [help]
    return """
      NAME:
         proa-runtime - Open Container Initiative runtime

      USAGE:
         proa-runtime [global options] command [command options] [arguments...]

      VERSION:
         \(version)
      spec: \(specVersion)

      COMMANDS:
      \(columns(commands))

      GLOBAL OPTIONS:
      \(table(GlobalOptions.options))

      """
  }

  static func table(_ options: [Option]) -> String {
    columns(
      options.map { option in
        let names = option.names.map { ($0.utf8.count == 1 ? "-" : "--") + $0 + (option.takesValue ? " value" : "") }
        return (names.joined(separator: ", "), option.help)
      })
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let width = rows.map { $0.0.count }.max() ?? 0
    return rows.map { "   \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)" }
      .joined(separator: "\n")
  }
}
