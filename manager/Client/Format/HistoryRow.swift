internal import EngineAPI
internal import JSON

/// A line of `proa history`: a step of the image's making.
struct HistoryRow: Equatable {
  let id: String
  let createdAt: String
  let created: String
  let createdBy: String
  let size: String
  let comment: String

  /// - Parameter now: seconds since 1970.
  init(_ item: ImageHistoryItem, isHuman: Bool, truncates: Bool, now: Int64) {
    id = truncates ? ImageIdentifier.short(item.id) : item.id
    createdAt = GoTime.rfc3339(seconds: item.created)
    // What does not say when it was made is not from 1970.
    let age = item.created <= 0 ? "N/A" : HumanDuration.describe(seconds: now - item.created) + " ago"
    created = isHuman ? age : createdAt
    let command = String(item.createdBy.map { $0 == "\t" ? " " : $0 })
    createdBy = truncates ? GoText.ellipsis(command, 45) : command
    size = isHuman ? HumanSize.decimal(item.size) : "\(item.size)"
    comment = item.comment
  }

  static func titles(isHuman: Bool) -> [String] {
    ["IMAGE", isHuman ? "CREATED" : "CREATED AT", "CREATED BY", "SIZE", "COMMENT"]
  }

  var cells: [String] { [id, created, createdBy, size, comment] }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    Self.context([
      ("Comment", comment), ("CreatedAt", createdAt), ("CreatedBy", createdBy), ("CreatedSince", created), ("ID", id),
      ("Size", size),
    ])
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("Comment", "COMMENT"), ("CreatedAt", "CREATED AT"), ("CreatedBy", "CREATED BY"), ("CreatedSince", "CREATED"),
      ("ID", "IMAGE"), ("Size", "SIZE"),
    ])
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*image.historyContext"
    return context
  }
}
