internal import ArgumentParser

/// The value of `--format` for lists.
enum OutputFormat: String, ExpressibleByArgument {
  case table
  case json

  init?(argument: String) {
    switch argument {
    case "table": self = .table
    case "json", "{{json .}}": self = .json
    // Go's templates are not supported.
    default: return nil
    }
  }
}
