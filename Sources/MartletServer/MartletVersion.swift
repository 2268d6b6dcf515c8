/// The version of this package.
public enum MartletVersion {
    /// The version as `major.minor.patch`.
    public static let string = "0.1.0"
}
