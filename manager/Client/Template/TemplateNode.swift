/// Where something stands in a template, and its text there: for the messages.
struct TemplatePlace: Equatable {
  let line: Int
  /// Bytes before it on its line.
  let column: Int
  let text: String

  func failure(_ message: String) -> TemplateError {
    TemplateError("template: :\(line):\(column): executing \"\" at <\(text)>: \(message)")
  }
}

/// What a value is taken from.
indirect enum TemplateOperand {
  case dot
  case variable(String)
  case function(String)
  case text(String)
  case number(String)
  case boolean(Bool)
  case null
  case pipeline(TemplatePipeline)
  /// `.A.B` of what stands before it.
  case fields(TemplateOperand, [String])
}

/// A word of a command.
struct TemplateTerm {
  let operand: TemplateOperand
  let place: TemplatePlace
}

/// A function or a value, and its arguments.
struct TemplateCommand {
  let terms: [TemplateTerm]
  let place: TemplatePlace
}

/// Commands of which each is given the result of the one before; `$x := …` keeps the last one's.
struct TemplatePipeline {
  var variables: [String] = []
  var declares = false
  var commands: [TemplateCommand] = []
  var place: TemplatePlace
}

/// A part of a template.
indirect enum TemplateNode {
  case text(String)
  case output(TemplatePipeline)
  case condition(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
  case with(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
  case range(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
}
