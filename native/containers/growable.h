// A growable array of plain records on malloc: what std::vector would be, without exceptions or newer libstdc++ symbols.
#ifndef ASYNCIO_UV_CONTAINERS_GROWABLE_H_
#define ASYNCIO_UV_CONTAINERS_GROWABLE_H_

#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <type_traits>

namespace asyncio_uv {

template <typename T>
class Growable {
  static_assert(std::is_trivially_copyable<T>::value, "moved with realloc");

 public:
  Growable() = default;
  Growable(const Growable&) = delete;
  Growable& operator=(const Growable&) = delete;
  ~Growable() { free(items_); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  T& operator[](size_t index) {
    assert(index < size_);
    return items_[index];
  }

  /** False when memory ran out; the array is then unchanged. */
  bool Push(const T& item) {
    if (size_ == capacity_ && !Reserve(capacity_ == 0 ? kFirstCapacity : capacity_ * 2)) return false;
    items_[size_++] = item;
    return true;
  }

  bool Reserve(size_t capacity) {
    if (capacity <= capacity_) return true;
    T* grown = static_cast<T*>(realloc(items_, capacity * sizeof(T)));
    if (grown == nullptr) return false;
    items_ = grown;
    capacity_ = capacity;
    return true;
  }

  void Truncate(size_t size) {
    assert(size <= size_);
    size_ = size;
  }

  void Clear() { size_ = 0; }

  /** Gives the memory back as well. */
  void Release() {
    free(items_);
    items_ = nullptr;
    size_ = capacity_ = 0;
  }

  size_t capacity() const { return capacity_; }

  void Swap(Growable& other) {
    T* items = items_;
    size_t size = size_;
    size_t capacity = capacity_;
    items_ = other.items_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.items_ = items;
    other.size_ = size;
    other.capacity_ = capacity;
  }

 private:
  static constexpr size_t kFirstCapacity = 8;

  T* items_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_GROWABLE_H_
