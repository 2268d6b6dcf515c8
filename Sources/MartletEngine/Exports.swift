@_exported public import MartletSampling
