internal import ContainerRuntime
internal import JSON
internal import OCIRuntimeSpec

extension Command {
  static let state = Command(
    name: "state", summary: "output the state of a container", usage: "<container-id>", options: [],
    arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let container = try Container(ContainerID(parsed.arguments[0]), root: global.root)
    var writer = JSONWriter(.indented("  "), escapesHTML: true)
    ContainerSummary(container, owner: "").write(to: &writer)
    print(String(decoding: writer.bytes, as: UTF8.self), terminator: "")
    return 0
  }

  static let list = Command(
    name: "list", summary: "lists containers started by proa-runtime with the given root",
    usage: "[command options]",
    options: [
      .value("format", "f", help: "select one of: table or json (default: \"table\")"),
      .flag("quiet", "q", help: "display only container IDs"),
    ],
    arguments: 0...0, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let format = parsed["format"] ?? "table"
    guard ["table", "json"].contains(format) else { throw RuntimeError("invalid format option") }
    let listing = try ContainerListing(root: global.root)
    for problem in listing.problems { global.log.error("\(problem)") }
    let summaries = listing.containers.map { ContainerSummary($0, owner: UserName.name(of: $0.record.ownerUID)) }
    if parsed.has("quiet") {
      for summary in summaries { print(summary.id) }
    } else if format == "json" {
      var writer = JSONWriter(escapesHTML: true)
      summaries.write(to: &writer)
      print(summaries.isEmpty ? "null" : String(decoding: writer.bytes, as: UTF8.self))
    } else {
      print(ContainerTable.text(summaries), terminator: "")
    }
    return 0
  }
}

/// What `state` and `list` show of a container.
struct ContainerSummary: JSONMappable {
  var ociVersion = ""
  var id = ""
  var pid = Int32(0)
  var status = ""
  var bundle = ""
  var rootfs = ""
  var created = ""
  var annotations: [String: String] = [:]
  var owner = ""

  init() {}

  init(_ container: Container, owner: String) {
    let record = container.record
    ociVersion = record.ociVersion
    id = record.id
    pid = container.status == .stopped ? 0 : record.pid
    status = container.status.rawValue
    bundle = record.bundle
    rootfs = record.rootfs
    created = record.created
    annotations = record.annotations
    self.owner = owner
  }

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("ociVersion", &ociVersion)
    try json.required("id", &id)
    try json.required("pid", &pid)
    try json.required("status", &status)
    try json.required("bundle", &bundle)
    try json.required("rootfs", &rootfs)
    try json.required("created", &created)
    try json.nonEmpty("annotations", &annotations)
    try json.required("owner", &owner)
  }
}

/// The table of `list`: columns at least 12 wide, as runc aligns them.
enum ContainerTable {
  static func text(_ summaries: [ContainerSummary]) -> String {
    let header = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]
    let rows = [header] + summaries.map { [$0.id, String($0.pid), $0.status, $0.bundle, $0.created, $0.owner] }
    let widths = header.indices.map { column in max(12, (rows.map { $0[column].count }.max() ?? 0) + 3) }
    return rows.map { row in
      row.indices.map { column in
        column == row.count - 1
          ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
      }.joined() + "\n"
    }.joined()
  }
}
