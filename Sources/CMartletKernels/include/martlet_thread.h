#ifndef MARTLET_THREAD_H
#define MARTLET_THREAD_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Writes the processors the calling thread may run on, ascending, and returns how many there are
/// (at most `capacity`); 0 where the system does not say.
size_t martlet_thread_affinity(int32_t *processors, size_t capacity);

/// Keeps the calling thread on one processor; without effect where that is not allowed.
void martlet_thread_pin(int32_t processor);

/// The processor the calling thread is on right now; -1 where the system does not say.
int32_t martlet_thread_processor(void);

/// Names the calling thread, at most 15 bytes on Linux.
void martlet_thread_name(const char *name);

#pragma clang assume_nonnull end

#endif
