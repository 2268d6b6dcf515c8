// glibc declares these only to C with this macro, hence not to Swift.
#define _GNU_SOURCE 1

#include "martlet_thread.h"

#if defined(__linux__)

#include <pthread.h>
#include <sched.h>

size_t martlet_thread_affinity(int32_t *processors, size_t capacity) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    size_t count = 0;
    for (int processor = 0; processor < CPU_SETSIZE && count < capacity; processor++) {
        if (CPU_ISSET(processor, &set)) processors[count++] = processor;
    }
    return count;
}

void martlet_thread_pin(int32_t processor) {
    if (processor < 0 || processor >= CPU_SETSIZE) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int32_t martlet_thread_processor(void) { return sched_getcpu(); }

void martlet_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

#elif defined(__APPLE__)

#include <pthread.h>

size_t martlet_thread_affinity(int32_t *processors, size_t capacity) {
    (void)processors, (void)capacity;
    return 0;
}

void martlet_thread_pin(int32_t processor) { (void)processor; }

int32_t martlet_thread_processor(void) { return -1; }

void martlet_thread_name(const char *name) { pthread_setname_np(name); }

#endif
