/* The reference implementation of Argon2 with memory that each thread keeps, in huge pages: what Latchkey's own is compared with. */
#define _GNU_SOURCE
#include <argon2.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

static __thread uint8_t *kept;
static __thread size_t kept_size;

static int allocate(uint8_t **memory, size_t bytes) {
    if (bytes > kept_size) {
        void *mapped = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) {
            return ARGON2_MEMORY_ALLOCATION_ERROR;
        }
        kept = (uint8_t *)(((size_t)mapped + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
        kept_size = bytes;
        madvise(kept, bytes, MADV_HUGEPAGE);
    }
    *memory = kept;
    return ARGON2_OK;
}

/* The implementation wipes the memory itself before it frees it. */
static void keep(uint8_t *memory, size_t bytes) {
    (void)memory;
    (void)bytes;
}

int argon2id_kept(uint32_t passes, uint32_t kibibytes, void *password, uint32_t password_length, void *salt, uint32_t salt_length,
                  void *tag, uint32_t tag_length) {
    argon2_context context = {
        .out = tag, .outlen = tag_length, .pwd = password, .pwdlen = password_length, .salt = salt, .saltlen = salt_length,
        .t_cost = passes, .m_cost = kibibytes, .lanes = 1, .threads = 1, .version = ARGON2_VERSION_13,
        .allocate_cbk = allocate, .free_cbk = keep,
    };
    return argon2_ctx(&context, Argon2_id);
}
