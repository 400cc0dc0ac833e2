internal import EngineAPI
internal import JSON

/// The value of a list's `--format`: rows by a template, as a table or one by one.
struct ListFormat {
  private enum Kind {
    case table
    case json
    case rows(Template)
    case tableOf(Template)
  }

  private let kind: Kind
  private let text: String

  /// - Parameter failure: what a template that cannot be read is introduced with.
  /// - Throws: ``ClientError/failed(_:)``.
  init(_ text: String, failure: String) throws(ClientError) {
    let escaped = Self.replaceEscapes(text)
    self.text = escaped
    do throws(TemplateError) {
      switch escaped {
      case "", "table": kind = .table
      case "json", "{{json .}}": kind = .json
      case "raw": throw TemplateError("the format raw is not supported: use table, json or a template")
      case _ where escaped.hasPrefix("table"):
        kind = .tableOf(try Template(String(escaped.dropFirst(5).drop { $0 == " " })))
      default: kind = .rows(try Template(escaped))
      }
    } catch { throw .failed("\(failure): \(error)") }
  }

  /// `\t` and `\n` as a shell hands them over.
  private static func replaceEscapes(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let letter = rest.popFirst() {
      if letter == "\\", let next = rest.first, next == "t" || next == "n" {
        result.append(next == "t" ? "\t" : "\n")
        rest = rest.dropFirst()
      } else {
        result.append(letter)
      }
    }
    return result
  }

  /// Whether it is neither `table` nor `json`.
  var isTemplate: Bool {
    switch kind {
    case .rows, .tableOf: true
    default: false
    }
  }

  /// Whether it is the list's own table.
  var isTable: Bool { if case .table = kind { true } else { false } }

  /// Whether a field may be asked for.
  func mentions(_ field: String) -> Bool { isTemplate && text.contains(field) }

  /// The rows by the template, or each as JSON; `nil` for the list's own table.
  /// - Throws: ``TemplateError``.
  func print(_ rows: [TemplateContext], headings: TemplateContext) throws(TemplateError) -> String? {
    switch kind {
    case .table: return nil
    case .json: return rows.map { Self.json($0.value) + "\n" }.joined()
    case .rows(let template):
      var result = ""
      for row in rows { result += try template.text(for: row) + "\n" }
      return result
    case .tableOf(let template):
      var heading = headings
      heading.isHeading = true
      var table = Table(try template.text(for: heading).cells)
      for row in rows { table.append(try template.text(for: row).cells) }
      return table.text
    }
  }

  private static func json(_ value: JSONValue) -> String {
    var writer = JSONWriter(escapesHTML: true)
    value.write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension String {
  fileprivate var cells: [String] { split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
}
