#ifndef MARTLET_ELEMENTWISE_H
#define MARTLET_ELEMENTWISE_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// Nonlinearities of feed-forward layers.
typedef enum martlet_activation {
    MARTLET_SILU = 0,
    MARTLET_GELU_ERF = 1,
    MARTLET_GELU_TANH = 2,
    MARTLET_RELU = 3,
} martlet_activation;

/// All act on one row; pointers need no alignment.
typedef struct martlet_norm_kernels {
    /// y = x / sqrt(mean(x^2) + epsilon) * weight; `y` may be `x`.
    void (*rms)(const float *x, const float *weight, float epsilon, size_t count, float *y);
    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias; `y` may be `x`.
    void (*layer)(
        const float *x, const float *weight, const float *bias, float epsilon, size_t count,
        float *y);
} martlet_norm_kernels;

typedef struct martlet_rope_kernels {
    /// Rotates (x[i], x[half + i]) by the angle whose cosine and sine are given, in place, for
    /// `head_count` heads of `head_dim` floats each.
    void (*half_split)(
        float *x, size_t head_count, size_t head_dim, const float *cosine, const float *sine,
        size_t half);
} martlet_rope_kernels;

typedef struct martlet_activation_kernels {
    /// y = activation(x); `y` may be `x`.
    void (*apply)(const float *x, martlet_activation activation, size_t count, float *y);
    /// y = activation(gate) * up; `y` may be `gate` or `up`.
    void (*gate)(
        const float *gate, const float *up, martlet_activation activation, size_t count,
        float *y);
} martlet_activation_kernels;

#pragma clang assume_nonnull end

#endif
