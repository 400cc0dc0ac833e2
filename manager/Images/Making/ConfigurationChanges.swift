internal import JSON
public import OCIImageSpec

/// The instructions of a Dockerfile that change what an image says to containers: of `docker commit --change` and
/// `docker import --change`.
public struct ConfigurationChanges: Sendable {
  /// What the instructions have made of it so far.
  public private(set) var defaults: ContainerDefaults
  private let isSignal: @Sendable (String) -> Bool
  /// Whether a command was given; an entrypoint takes away one that was not.
  private var hasCommand = false

  /// - Parameters:
  ///   - defaults: what they begin with.
  ///   - isSignal: whether a text is the name or number of a signal.
  public init(_ defaults: ContainerDefaults, isSignal: @escaping @Sendable (String) -> Bool) {
    self.defaults = defaults
    self.isSignal = isSignal
  }

  /// Applies what `texts` say, lines in the form of a Dockerfile's.
  /// - Throws: ``ImageError/invalidChange(_:)``.
  public mutating func apply(_ texts: [String]) throws(ImageError) {
    for line in Self.lines(texts) {
      let name = line.prefix { $0 != " " && $0 != "\t" }
      let rest = line.dropFirst(name.count).trimmed
      try apply(name.uppercased(), rest)
    }
  }

  /// Without comments and empty ones; what ends in a backslash goes on in the next.
  private static func lines(_ texts: [String]) -> [String] {
    var lines: [String] = []
    var begun = ""
    for line in texts.joined(separator: "\n").split(whereSeparator: \.isNewline).map({ String($0) }) {
      let text = line.trimmed
      if text.isEmpty || text.hasPrefix("#") { continue }
      if text.hasSuffix("\\") {
        begun += text.dropLast()
      } else {
        lines.append(begun + (begun.isEmpty ? text : line))
        begun = ""
      }
    }
    return begun.isEmpty ? lines : lines + [begun]
  }

  private mutating func apply(_ name: String, _ text: String) throws(ImageError) {
    let known = [
      "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME",
      "WORKDIR",
    ]
    guard known.contains(name) else { throw .invalidChange("\(name) is not a valid change command") }
    guard !text.isEmpty || name == "CMD" || name == "ENTRYPOINT" else {
      throw .invalidChange("\(name) requires at least one argument")
    }
    switch name {
    case "CMD":
      defaults.cmd = commandLine(text)
      hasCommand = true
    case "ENTRYPOINT":
      defaults.entrypoint = text.isEmpty ? nil : commandLine(text)
      if !hasCommand { defaults.cmd = nil }
    case "ENV": for (name, value) in try pairs(name, text) { setVariable(name, value) }
    case "LABEL":
      for (name, value) in try pairs(name, text) {
        defaults.labels = (defaults.labels ?? [:]).merging([name: value]) { $1 }
      }
    case "EXPOSE": try expose(text)
    case "HEALTHCHECK": defaults.healthcheck = try HealthcheckInstruction(text).healthcheck(Self.list)
    case "ONBUILD": try addTrigger(text)
    case "STOPSIGNAL":
      let signal = try single(name, text)
      guard isSignal(signal) else { throw .invalidChange("invalid signal: \(signal)") }
      defaults.stopSignal = signal
    case "USER": defaults.user = try single(name, text)
    case "VOLUME": try addVolumes(text)
    default: defaults.workingDir = WorkingDirectory.clean(try expand(text), in: defaults.workingDir)
    }
  }

  // MARK: - Forms of arguments

  /// A list in JSON as it is; everything else is for a shell.
  private func commandLine(_ text: String) -> [String] {
    Self.list(text) ?? (defaults.shell ?? ["/bin/sh", "-c"]) + [text]
  }

  /// `nil` if it is no list of texts in JSON: then it is meant as it stands.
  private static func list(_ text: String) -> [String]? {
    text.hasPrefix("[") ? try? [String](jsonText: Array(text.utf8)) : nil
  }

  private func expand(_ word: String) throws(ImageError) -> String {
    try InstructionWords.expand(word, variables)
  }

  private var variables: [String: String] {
    var variables: [String: String] = [:]
    for text in defaults.env ?? [] {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return variables
  }

  private func single(_ name: String, _ text: String) throws(ImageError) -> String {
    let words = InstructionWords.split(text)
    guard words.count == 1 else { throw .invalidChange("\(name) requires exactly one argument") }
    return try expand(words[0])
  }

  /// `NAME=value …`, or one `NAME value`.
  private func pairs(_ name: String, _ text: String) throws(ImageError) -> [(String, String)] {
    let words = InstructionWords.split(text)
    guard words[0].contains("=") else {
      let value = text.dropFirst(words[0].count).trimmed
      guard !value.isEmpty else { throw .invalidChange("\(name) must have two arguments") }
      return [(try expand(words[0]), try expand(value))]
    }
    var pairs: [(String, String)] = []
    for word in words {
      guard let sign = word.firstIndex(of: "=") else {
        throw .invalidChange("Syntax error - can't find = in \"\(word)\". Must be of the form: name=value")
      }
      let key = try expand(String(word[..<sign]))
      guard !key.isEmpty else { throw .invalidChange("\(name) names can not be blank") }
      pairs.append((key, try expand(String(word[sign...].dropFirst()))))
    }
    return pairs
  }

  // MARK: - Instructions

  private mutating func setVariable(_ name: String, _ value: String) {
    var environment = defaults.env ?? []
    let text = "\(name)=\(value)"
    if let index = environment.firstIndex(where: { $0.hasPrefix("\(name)=") }) {
      environment[index] = text
    } else {
      environment.append(text)
    }
    defaults.env = environment
  }

  private mutating func expose(_ text: String) throws(ImageError) {
    for word in InstructionWords.split(text) {
      for port in try ExposedPorts.all(try expand(word)) {
        defaults.exposedPorts = (defaults.exposedPorts ?? [:]).merging([port: JSONObject()]) { $1 }
      }
    }
  }

  private mutating func addVolumes(_ text: String) throws(ImageError) {
    for word in Self.list(text) ?? InstructionWords.split(text) {
      let path = try expand(word).trimmed
      guard !path.isEmpty else { throw .invalidChange("VOLUME specified can not be an empty string") }
      defaults.volumes = (defaults.volumes ?? [:]).merging([path: JSONObject()]) { $1 }
    }
  }

  private mutating func addTrigger(_ text: String) throws(ImageError) {
    let name = text.prefix { $0 != " " && $0 != "\t" }.uppercased()
    if name == "ONBUILD" { throw .invalidChange("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed") }
    if ["MAINTAINER", "FROM"].contains(name) { throw .invalidChange("\(name) isn't allowed as an ONBUILD trigger") }
    defaults.onBuild = (defaults.onBuild ?? []) + [text]
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
