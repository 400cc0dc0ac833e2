/// The `tag` of a log: text with fields of the container, `{{.Name}}/{{.ID}}`. Of Go's templates these and no more.
struct LogTag {
  private enum Part {
    case text(Substring)
    case field(String)
  }

  private var parts: [Part] = []

  /// - Throws: ``ContainerError/invalid(_:)`` for a field that there is not, ``ContainerError/unsupported(_:)`` for more than
  ///   a field.
  init(_ template: String) throws(ContainerError) {
    var rest = template[...]
    while let open = rest.firstRange(of: "{{") {
      parts.append(.text(rest[..<open.lowerBound]))
      let inside = rest[open.upperBound...]
      guard let close = inside.firstRange(of: "}}") else {
        throw .invalid("template: log-tag:1: unclosed action")
      }
      parts.append(.field(try Self.field(inside[..<close.lowerBound])))
      rest = inside[close.upperBound...]
    }
    parts.append(.text(rest))
  }

  func text(_ record: ContainerRecord) -> String {
    parts.map { part in
      switch part {
      case .text(let text): String(text)
      case .field(let name): Self.fields[name]?(record) ?? ""
      }
    }.joined()
  }

  private static func field(_ action: Substring) throws(ContainerError) -> String {
    let words = action.split(separator: " ")
    guard words.count == 1, let word = words.first, word.hasPrefix(".") else {
      throw .unsupported("in a log's tag, \"{{\(action)}}\"; {{.Name}} and other fields of the container are")
    }
    let name = String(word.dropFirst())
    guard fields[name] != nil else {
      throw .invalid("template: log-tag:1: can't evaluate field \(name) in type logger.Info")
    }
    return name
  }

  private static let fields: [String: @Sendable (ContainerRecord) -> String] = [
    "ID": { $0.id.short },
    "FullID": { $0.id.text },
    "ContainerID": { $0.id.text },
    "Name": { "\($0.name)" },
    "ContainerName": { "/\($0.name)" },
    "ImageID": { String($0.imageID.prefix(12)) },
    "ImageFullID": { $0.imageID },
    "ContainerImageID": { $0.imageID },
    "ImageName": { $0.imageName },
    "ContainerImageName": { $0.imageName },
    "Command": { $0.configuration.arguments.joined(separator: " ") },
    "ContainerEntrypoint": { $0.configuration.arguments.first ?? "" },
    "DaemonName": { _ in "proa" },
  ]
}
