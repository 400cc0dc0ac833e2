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

  /// - Parameter now: seconds since 1970.
  static func rows(_ image: ImageSummary, truncates: Bool, withDigests: Bool, now: Int64) -> [ImageRow] {
    func row(_ repository: String, _ tag: String, _ digest: String) -> ImageRow {
      ImageRow(
        repository: repository, tag: tag, digest: digest, id: truncates ? ImageIdentifier.short(image.id) : image.id,
        created: HumanDuration.describe(seconds: now - image.created) + " ago", size: HumanSize.decimal(image.size))
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

  var json: JSONObject {
    let members = [
      ("CreatedSince", created), ("Digest", digest), ("ID", id), ("Repository", repository), ("Size", size),
      ("Tag", tag),
    ]
    return JSONObject(members.map { ($0.0, .string($0.1)) })
  }
}
