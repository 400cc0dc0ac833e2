/// Why a command failed, in Docker's words.
enum ClientError: Error, Equatable {
  /// The daemon's answer was an error.
  case daemon(status: Int, message: String)
  /// Nobody listens at that address.
  case cannotConnect(address: String)
  /// The daemon's answer is not what the API says.
  case unexpectedAnswer(String)
  /// What became of a container was not told: the daemon has ended, or its answer is none.
  case lostContainer(String)
  /// The command line cannot be meant.
  case usage(String)
  /// A template of `--format` that cannot be read: the exit code is 64.
  case template(String)
  /// The command line lacks what the command is about.
  case tooFewArguments(String)
  /// A terminal was asked for, and the client has none.
  case noTerminal
  /// No failure: what there is to know of a group of commands, on standard output or on standard error.
  case help(String, toOutput: Bool)
  /// The client's own output cannot be written.
  case output(String)
  /// The user typed the detach keys where that is the command's result.
  case detached
  /// Something else, in a sentence.
  case failed(String)
}

extension ClientError: CustomStringConvertible {
  var description: String {
    switch self {
    case .daemon(_, let message): "Error response from daemon: \(message)"
    case .cannotConnect(let address):
      "Cannot connect to the Proa daemon at \(address). Is the proa daemon running?"
    case .lostContainer(let reason): "error waiting for container: \(reason)"
    case .unexpectedAnswer(let what): "unexpected answer from the daemon: \(what)"
    case .noTerminal: "the input device is not a TTY"
    case .detached: "read escape sequence"
    case .usage(let message), .template(let message), .tooFewArguments(let message), .output(let message),
      .failed(let message), .help(let message, _):
      message
    }
  }

  /// Whether it is about the client's own streams: then it is told without advice on the command line, and the exit
  /// code is 1.
  var isOfStreams: Bool {
    switch self {
    case .noTerminal, .output: true
    default: false
    }
  }

  /// Whether the daemon says that something does not exist.
  var isNotFound: Bool { if case .daemon(404, _) = self { true } else { false } }
}
