public import JSON
internal import OCIImageSpec

/// The form in which a catalog keeps a record; the names are kept apart, because they move from record to record.
extension ImageRecord: JSONMappable {
  public init() { self.init(id: .ofNothing) }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.field("layers", &layers)
    try json.optional("manifest", &manifest)
    try json.optional("parent", &parent)
    try json.field("layerSizes", &layerSizes)
    try json.required("lastTagged", &lastTagged)
  }
}
