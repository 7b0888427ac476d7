/* What an exported C header computes with. It takes over the functions that its model needs, under
   its own prefix; each is a block between two empty lines. C99 and of libm only expf and tanhf. */

static inline float model_abs(float x) { return x < 0.0f ? -x : x; }

static inline float model_max(float a, float b) { return a > b ? a : b; }

static inline float model_min(float a, float b) { return a < b ? a : b; }

/* exp(x) - 1, exact near 0 too. */
static inline float model_expm1(float x) {
    if (x > -0.5f && x < 0.5f) {
        const float t = tanhf(0.5f * x);
        return 2.0f * t / (1.0f - t);
    }
    return expf(x) - 1.0f;
}

/* log(1 + exp(x)) = max(x, 0) + log(1 + u) with u = exp(-|x|); the logarithm by the series of
   2 atanh(s), s = u / (2 + u) being at most 1/3. */
static inline float model_softplus(float x) {
    const float u = expf(x < 0.0f ? x : -x);
    const float s = u / (2.0f + u);
    const float q = s * s;
    float series = 0.0f;
    int k;
    for (k = 15; k > 0; k -= 2) series = series * q + 1.0f / (float)k;
    return (x > 0.0f ? x : 0.0f) + 2.0f * s * series;
}

/* The largest whole number that is not above x. */
static inline double model_floor(double x) {
    double whole;
    if (!(x > -9e15 && x < 9e15)) return x;
    whole = (double)(long long)x;
    return whole > x ? whole - 1.0 : whole;
}

/* A number in the precision of the network; what is too large becomes infinite. */
static inline float model_cast(double x) {
    if (x > (double)FLT_MAX) return INFINITY;
    if (x < -(double)FLT_MAX) return -INFINITY;
    return (float)x;
}

/* Whether a number of the network is infinite although the row's own numbers are too large for it. */
static inline int model_is_too_large(const float *x, int width, const model_number *row, int columns) {
    int i, infinite = 0;
    for (i = 0; i < width; i++) infinite |= !(x[i] - x[i] == 0.0f);
    for (i = 0; infinite && i < columns; i++) {
        if (row[i] > FLT_MAX || row[i] < -FLT_MAX) return 1;
    }
    return 0;
}

/* Each index of a category becomes another one; -1 and no value stay. */
static inline void model_recode(model_number *x, const short *codes) {
    if (*x >= 0) *x = codes[(int)*x];
}

/* 1 at the index of a category, else 0; all 0 for an index that is none. */
static inline void model_encode(model_number code, model_number *out, int count) {
    int i;
    for (i = 0; i < count; i++) out[i] = code == (model_number)i;
}

/* cos(x) = sin(pi / 2 - |rest|), the rest of whole turns being at most pi; the sine by its series. */
static inline float model_cos(double x) {
    const double turns = x / 6.283185307179586;
    const double rest = (turns - model_floor(turns + 0.5)) * 6.283185307179586;
    const float a = (float)(1.5707963267948966 - (rest < 0.0 ? -rest : rest));
    const float q = a * a;
    float sum = 0.0f;
    int k;
    for (k = 12; k > 0; k -= 2) sum = (1.0f + sum) * -q / (float)(k * (k + 1));
    return a + a * sum;
}

/* Behind the first `width` numbers of x come, for each of the columns, `size` sums of waves,
   cos(2 pi x f + phase) times a kernel, plus a bias. */
static inline void model_embed(float *x, int width, const short *columns, const float *frequencies,
                               const float *phases, const float *kernel, const float *bias,
                               int count, int waves, int size) {
    int i, j, k;
    float *out = x + width;
    for (i = 0; i < count; i++) {
        const double angle = 6.283185307179586 * (double)x[columns[i]];
        for (j = 0; j < size; j++) {
            float sum = *bias++;
            for (k = 0; k < waves; k++) {
                sum += model_cos(angle * (double)frequencies[k] + (double)phases[k]) * *kernel++;
            }
            *out++ = sum;
        }
        frequencies += waves;
        phases += waves;
    }
}

/* Behind the first `width` numbers of x comes, for each piece of a column, how far that has come
   through it, less the mean of that. */
static inline void model_pieces(float *x, int width, const short *columns, const float *lower,
                                const float *upper, const float *mean, int count) {
    int i;
    for (i = 0; i < count; i++) {
        const float number = x[columns[i]];
        const float low = number > lower[i] ? number : lower[i];
        const float inside = low < upper[i] ? low : upper[i];
        x[width + i] = (inside - lower[i]) / (upper[i] - lower[i]) - mean[i];
    }
}

/* y = x W + b; each row of the kernel has the weights of one unit. */
static inline void model_dense(const float *x, float *y, const float *kernel, const float *bias,
                               int inputs, int units) {
    int i, k;
    for (k = 0; k < units; k++) {
        float sum = 0.0f;
        for (i = 0; i < inputs; i++) sum += kernel[i] * x[i];
        y[k] = bias ? sum + bias[k] : sum;
        kernel += inputs;
    }
}

/* y = x W + b; each row of the kernel has the weights of one unit in steps of the unit's scale. */
static inline void model_dense_int8(const float *x, float *y, const signed char *kernel,
                                    const float *scale, const float *bias, int inputs, int units) {
    int i, k;
    for (k = 0; k < units; k++) {
        float sum = 0.0f;
        for (i = 0; i < inputs; i++) sum += (float)kernel[i] * x[i];
        sum *= scale[k];
        y[k] = bias ? sum + bias[k] : sum;
        kernel += inputs;
    }
}

/* The probabilities of classes, in place. */
static inline void model_softmax(float *x, int count) {
    float largest = x[0], total = 0.0f;
    int i;
    for (i = 1; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    for (i = 0; i < count; i++) {
        x[i] = expf(x[i] - largest);
        total += x[i];
    }
    for (i = 0; i < count; i++) x[i] /= total;
}

/* The index of the largest number, the first of equal ones. */
static inline int model_arg_max(const float *x, int count) {
    int i, best = 0;
    for (i = 1; i < count; i++) {
        if (x[i] > x[best]) best = i;
    }
    return best;
}

/* The index of a text, -1 if it is not among the names. */
static inline int model_find(const char *const *names, int count, const char *text) {
    int i;
    for (i = 0; i < count; i++) {
        if (strcmp(names[i], text) == 0) return i;
    }
    return -1;
}

/* The number of a date: the days since 1970-01-01, with the time as a fraction. A column of times
   takes only the seconds of a day, model_days(1970, 1, 1, seconds). */
static inline double model_days(int year, int month, int day, double seconds) {
    const int y = month > 2 ? year : year - 1;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int yoe = y - era * 400;
    const int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (double)era * 146097.0 + (double)doe - 719468.0 + seconds / 86400.0;
}
