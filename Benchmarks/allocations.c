/* Counts what each thread of a program allocates. Preloaded into a benchmark, never linked.
 *
 *   cc -O2 -shared -fPIC -o allocations.so allocations.c
 *   ALLOCATIONS_OUT=counts.txt LD_PRELOAD=./allocations.so program
 *
 * At the end of the program one line per thread that allocated: calls, bytes asked for, name.
 * glibc only: it forwards to glibc's own names of the allocator's functions.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

struct account {
    atomic_ulong calls;
    atomic_ulong bytes;
    char name[17];
};

enum { ACCOUNTS = 4096, NAME_INTERVAL = 64 };

static struct account accounts[ACCOUNTS];
static atomic_uint account_count;
static __thread struct account *own __attribute__((tls_model("initial-exec")));

static void count(size_t bytes) {
    if (!own) {
        unsigned index = atomic_fetch_add(&account_count, 1);
        /* Threads beyond the table share its last line. */
        own = &accounts[index < ACCOUNTS ? index : ACCOUNTS - 1];
    }
    unsigned long calls = atomic_fetch_add_explicit(&own->calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&own->bytes, bytes, memory_order_relaxed);
    /* A thread gets its name some time after it begins. */
    if (calls % NAME_INTERVAL == 0) prctl(PR_GET_NAME, own->name, 0, 0, 0);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    count(size);
    return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count(size);
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("ALLOCATIONS_OUT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    unsigned last = atomic_load(&account_count);
    for (unsigned i = 0; i < last && i < ACCOUNTS; i++)
        fprintf(file, "%lu %lu %s\n", atomic_load(&accounts[i].calls),
                atomic_load(&accounts[i].bytes), accounts[i].name);
    fclose(file);
}
