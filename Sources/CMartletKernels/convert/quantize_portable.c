#include <string.h>

#include "../common/half.h"
#include "quantize_kernels.h"

#include "quantize_common.inc"
#include "quantize_rows.inc"
#include "quantize_search.inc"
#include "quantize_weights.inc"

const martlet_quantize_kernels martlet_quantize_portable = {
    .quantize_row = quantize_row,
    .quantize_panel = quantize_panel,
};
