import Images
import OCIImageSpec
import Testing

struct ConfigurationChangesTests {
  private func changed(_ texts: [String], from defaults: ContainerDefaults = .init()) throws -> ContainerDefaults {
    var changes = ConfigurationChanges(defaults) { $0 == "SIGTERM" }
    try changes.apply(texts)
    return changes.defaults
  }

  @Test(
    arguments: [
      ("A=1", ["A=1"]), (#"A="x y" B='z'"#, ["A=x y", "B=z"]), (#"A=x\ y"#, ["A=x y"]), ("A=1 A=2", ["A=2"]),
      ("A a long text", ["A=a long text"]), (#"A="\"q\" \\ \n""#, [#"A="q" \ \n"#]), ("A=$P", ["P=p", "A=p"]),
      ("A=${P:-x}${Q:-y}", ["P=p", "A=py"]), ("A=${P:+x}${Q:+y}", ["P=p", "A=x"]), ("A='$P'", ["P=p", "A=$P"]),
      (#"A=\$P"#, ["P=p", "A=$P"]), ("A=a$", ["A=a$"]), ("A=", ["A="]),
    ] as [(String, [String])])
  func variables(_ text: String, _ expected: [String]) throws {
    var defaults = ContainerDefaults()
    if expected.first == "P=p" { defaults.env = ["P=p"] }
    #expect(try changed(["ENV \(text)"], from: defaults).env == expected)
  }

  @Test func anEntrypointTakesTheImagesCommandAway() throws {
    var defaults = ContainerDefaults()
    defaults.cmd = ["old"]
    #expect(try changed(["ENTRYPOINT x"], from: defaults).cmd == nil)
    #expect(try changed(["CMD new", "ENTRYPOINT x"], from: defaults).cmd == ["/bin/sh", "-c", "new"])
  }

  @Test(arguments: [
    ("80", ["80/tcp"]), ("80/UDP 81", ["80/udp", "81/tcp"]), ("80-82", ["80/tcp", "81/tcp", "82/tcp"]),
  ])
  func ports(_ text: String, _ expected: [String]) throws {
    #expect(try changed(["EXPOSE \(text)"]).exposedPorts?.keys.sorted() == expected)
  }

  @Test(arguments: [("/a", "/a"), ("b", "/b"), ("/a/../../c/.", "/c"), ("/", "/")])
  func workingDirectories(_ text: String, _ expected: String) throws {
    #expect(try changed(["WORKDIR \(text)"]).workingDir == expected)
  }

  @Test func linesGoOnAfterABackslash() throws {
    #expect(try changed(["# a comment\n\nLABEL a=1 \\\n  b=2\r\nUSER x"]).labels == ["a": "1", "b": "2"])
  }

  @Test(arguments: [
    "FROM x", "RUN x", "MAINTAINER x", "nonsense", "ENV", "ENV A", "ENV A=1 B", "ENV =1", "ENV A='", "ENV A=${B",
    "ENV A=${B:?c}",
    "EXPOSE x", "EXPOSE 80/x", "EXPOSE 9-8", "EXPOSE 70000", "STOPSIGNAL NOPE", "USER a b", "VOLUME [\"\"]",
    "ONBUILD ONBUILD x", "ONBUILD FROM x", "HEALTHCHECK x", "HEALTHCHECK CMD", "HEALTHCHECK NONE x",
    "HEALTHCHECK --interval=x CMD y", "HEALTHCHECK --interval=1us CMD y", "HEALTHCHECK --nope=1 CMD y",
    "HEALTHCHECK --retries=-1 CMD y", "HEALTHCHECK --interval CMD y",
  ])
  func nonsenseIsRefused(_ text: String) {
    let error = #expect(throws: ImageError.self) { try changed([text]) }
    guard case .invalidChange = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test func garbageNeverCrashesIt() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("ENV LABEL$ {}:-+='\"\\[],\n#A1")
    for _ in 0..<5000 {
      let text = String((0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement() ?? " " })
      do { _ = try changed(["ENV \(text)", text]) } catch { #expect(error is ImageError) }
    }
  }
}
