// A doubly linked list whose links live in the members, so adding and removing allocate nothing and cannot fail.
#ifndef ASYNCIO_UV_CONTAINERS_INTRUSIVE_LIST_H_
#define ASYNCIO_UV_CONTAINERS_INTRUSIVE_LIST_H_

namespace asyncio_uv {

/** A member of at most one list at a time; it leaves the list when destroyed. */
class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { Unlink(); }

  bool linked() const { return next_ != this; }

  void Unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = this;
  }

 private:
  template <typename T, ListNode T::*>
  friend class IntrusiveList;

  ListNode* next_ = this;
  ListNode* previous_ = this;
};

template <typename T, ListNode T::*Member>
class IntrusiveList {
 public:
  bool empty() const { return !head_.linked(); }

  /** Moves the object here if it stood elsewhere. */
  void PushBack(T* object) {
    ListNode* node = &(object->*Member);
    node->Unlink();
    node->previous_ = head_.previous_;
    node->next_ = &head_;
    head_.previous_->next_ = node;
    head_.previous_ = node;
  }

  /** Null when the list is empty. */
  T* PopFront() {
    if (empty()) return nullptr;
    ListNode* node = head_.next_;
    node->Unlink();
    return Owner(node);
  }

  T* Front() { return empty() ? nullptr : Owner(head_.next_); }

 private:
  static T* Owner(ListNode* node) {
    // The offset of a member through its pointer-to-member: T is not standard-layout, so offsetof is not allowed.
    alignas(T) static char probe[sizeof(T)];
    const char* member = reinterpret_cast<const char*>(&(reinterpret_cast<T*>(probe)->*Member));
    return reinterpret_cast<T*>(reinterpret_cast<char*>(node) - (member - probe));
  }

  ListNode head_;
};

}  // namespace asyncio_uv

#endif  // ASYNCIO_UV_CONTAINERS_INTRUSIVE_LIST_H_
