import EngineServer
import NIOCore
import NIOHTTP1
import Testing

@Suite struct RouterTests {
  /// Says what a request was routed as.
  static let router = Router(
    [
      Route(.GET, "/containers/json") { _ in text("list") },
      Route(.GET, "/containers/{id}/json") { text("inspect \(try $0.parameter("id")) \($0.version)") },
      Route(.GET, "/images/{name...}/json") { text("image \(try $0.parameter("name"))") },
      Route(.DELETE, "/images/{name...}") { text("remove \(try $0.parameter("name"))") },
      Route(.GET, "/fail") { _ in throw Unheard() },
      Route(.POST, "/start") { _ in throw APIError.notModified },
    ] + Route.unsupported, serverName: "Test/1.0")

  struct Unheard: Error, CustomStringConvertible {
    var description: String { "something else" }
  }

  static func text(_ text: String) -> Response { .bytes(ByteBuffer(string: text), contentType: "text/plain") }

  static func answer(_ method: HTTPMethod, _ target: String) async -> (status: UInt, body: String) {
    let response = await router.respond(to: method, target)
    guard case .bytes(let bytes) = response.body else { return (response.status.code, "") }
    return (response.status.code, String(buffer: bytes))
  }

  @Test(arguments: [
    ("/containers/json", "list"),
    ("/v1.51/containers/json?all=1", "list"),
    ("/v1.24/containers/a/json", "inspect a 1.24"),
    ("/containers/a%62c/json", "inspect abc 1.51"),
    ("/images/busybox/json", "image busybox"),
    ("/images/registry:5000/a/b/json", "image registry:5000/a/b"),
    ("/images/a%2Fb/json", "image a/b"),
    ("http://localhost/containers/json?all=1", "list"),
    ("HTTP://[::1]:80/v1.24/containers/a/json", "inspect a 1.24"),
  ])
  func pathsFindTheirHandlers(_ target: String, _ expected: String) async {
    #expect(await Self.answer(.GET, target) == (200, expected))
  }

  @Test(arguments: [
    "/", "http://localhost", "http://containers/json", "/containers", "/images/json/json/x", "/v1.51/nothing",
    "/vx/containers/json",
  ])
  func otherPathsAreNotFound(_ target: String) async {
    #expect(await Self.answer(.GET, target) == (404, "{\"message\":\"page not found\"}\n"))
  }

  @Test(arguments: [
    ("1.99", "client version 1.99 is too new. Maximum supported API version is 1.51"),
    ("1.52", "client version 1.52 is too new. Maximum supported API version is 1.51"),
    ("1.2.3", "invalid API version 1.2.3"),
  ])
  func otherVersionsAreRefusedInDockersWords(_ version: String, _ message: String) async {
    #expect(await Self.answer(.GET, "/v\(version)/containers/json") == (400, "{\"message\":\"\(message)\"}\n"))
  }

  @Test(arguments: ["1.23", "1.0", "1", "0"])
  func clientsBeforeJSONErrorsAreToldInPlainText(_ version: String) async {
    let response = await Self.router.respond(to: .GET, "/v\(version)/containers/json")
    #expect(response.status == .badRequest)
    #expect(response.headers.first(name: "Content-Type") == "text/plain; charset=utf-8")
    #expect(response.headers.first(name: "X-Content-Type-Options") == "nosniff")
    guard case .bytes(let bytes) = response.body else { return #expect(Bool(false), "no body") }
    #expect(
      String(buffer: bytes)
        == "client version \(version) is too old. Minimum supported API version is 1.24, "
        + "please upgrade your client to a newer version\n")
  }

  @Test(arguments: [
    ("/containers//json", "/containers/json"), ("//containers/json?a=b", "/containers/json?a=b"),
    ("/v1.51/x/../containers/json", "/v1.51/containers/json"), ("/./", "/"), ("/../../a/", "/a/"),
  ])
  func pathsAreSentToTheirCleanForm(_ target: String, _ clean: String) async {
    let response = await Self.router.respond(to: .GET, target)
    #expect(response.status == .movedPermanently)
    #expect(response.headers.first(name: "Location") == clean)
  }

  @Test func optionsOfAnythingAreEmpty() async {
    #expect(await Self.answer(.OPTIONS, "/whatever") == (200, ""))
  }

  @Test func unknownErrorsAre500() async {
    #expect(await Self.answer(.GET, "/fail") == (500, "{\"message\":\"something else\"}\n"))
  }

  @Test func notModifiedHasNoBody() async {
    #expect(await Self.answer(.POST, "/start") == (304, ""))
  }

  @Test func knownRoutesWithoutHandlerSaySo() async {
    #expect(
      await Self.answer(.GET, "/v1.43/swarm")
        == (501, "{\"message\":\"GET /swarm is not supported yet\"}\n"))
  }

  @Test func methodsAreTold() async {
    #expect(await Self.answer(.DELETE, "/images/a/b") == (200, "remove a/b"))
    #expect(await Self.answer(.PUT, "/containers/json").status == 404)
  }
}
