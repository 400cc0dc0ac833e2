/// A reference that does not keep its object, for callbacks that others hold; Embedded Swift has no `weak`. The object has
/// one of itself from its initialization on, and takes itself out first thing in its `deinit`. One thread alone.
final class WeakReference<Object: AnyObject> {
  private var target: Unmanaged<Object>?

  /// `nil` once the object is gone.
  var object: Object? {
    get { target?.takeUnretainedValue() }
    set { target = newValue.map(Unmanaged.passUnretained) }
  }
}
