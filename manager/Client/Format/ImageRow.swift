internal import EngineAPI
internal import JSON

/// A line of `proa images`: an image has one for each of its names.
struct ImageRow: Equatable {
  let repository: String
  let tag: String
  let digest: String
  let id: String
  let created: String
  let size: String
  let createdAt: String
  let virtualSize: String

  /// - Parameter now: seconds since 1970.
  static func rows(_ image: ImageSummary, truncates: Bool, withDigests: Bool, now: Int64) -> [ImageRow] {
    func row(_ repository: String, _ tag: String, _ digest: String) -> ImageRow {
      ImageRow(
        repository: repository, tag: tag, digest: digest, id: truncates ? ImageIdentifier.short(image.id) : image.id,
        created: HumanDuration.describe(seconds: now - image.created) + " ago", size: HumanSize.decimal(image.size),
        createdAt: GoTime.describe(seconds: image.created), virtualSize: HumanSize.decimal(image.size, digits: 4))
    }
    let digests = Dictionary(
      image.repoDigests.compactMap { split($0, at: "@") }.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    let names = image.repoTags.filter { $0 != "<none>:<none>" }.compactMap { split($0, at: ":") }
    guard names.isEmpty else { return names.map { row($0.0, $0.1, digests[$0.0] ?? "<none>") } }
    guard !digests.isEmpty else { return [row("<none>", "<none>", "<none>")] }
    return digests.sorted { $0.key < $1.key }.map { row($0.key, "<none>", $0.value) }
  }

  private static func split(_ name: String, at separator: Character) -> (String, String)? {
    name.lastIndex(of: separator).map { (String(name[..<$0]), String(name[name.index(after: $0)...])) }
  }

  static func headings(withDigests: Bool) -> [String] {
    ["REPOSITORY", "TAG"] + (withDigests ? ["DIGEST"] : []) + ["IMAGE ID", "CREATED", "SIZE"]
  }

  func cells(withDigests: Bool) -> [String] {
    [repository, tag] + (withDigests ? [digest] : []) + [id, created, size]
  }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    let members = [
      ("Containers", "N/A"), ("CreatedAt", createdAt), ("CreatedSince", created), ("Digest", digest), ("ID", id),
      ("Repository", repository), ("SharedSize", "N/A"), ("Size", size), ("Tag", tag), ("UniqueSize", "N/A"),
      ("VirtualSize", virtualSize),
    ]
    return Self.context(members)
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("Containers", "CONTAINERS"), ("CreatedAt", "CREATED AT"), ("CreatedSince", "CREATED"), ("Digest", "DIGEST"),
      ("ID", "IMAGE ID"), ("Repository", "REPOSITORY"), ("SharedSize", "SHARED SIZE"), ("Size", "SIZE"), ("Tag", "TAG"),
      ("UniqueSize", "UNIQUE SIZE"), ("VirtualSize", "SIZE"),
    ])
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*formatter.imageContext"
    return context
  }
}
