// Tests of IntrusiveList: order, moving between lists, and members that leave or die while the list is being walked.
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "check.h"
#include "containers/intrusive_list.h"
#include "seeded_random.h"

using asyncio_uv::IntrusiveList;
using asyncio_uv::ListNode;

namespace {

struct Base {
  virtual ~Base() = default;
  int64_t padding = 0;
};

/** As native handles are: a class with virtual functions, a base and two links. */
struct Member : Base {
  explicit Member(int number) : number(number) {}
  int number;
  ListNode dirty;
  char between = 0;
  ListNode closing;
};

using DirtyList = IntrusiveList<Member, &Member::dirty>;
using ClosingList = IntrusiveList<Member, &Member::closing>;

template <typename List>
std::vector<int> PopAll(List& list) {
  std::vector<int> numbers;
  while (Member* member = list.PopFront()) numbers.push_back(member->number);
  return numbers;
}

std::vector<std::unique_ptr<Member>> MakeMembers(int count) {
  std::vector<std::unique_ptr<Member>> members;
  for (int i = 0; i < count; i++) members.push_back(std::make_unique<Member>(i));
  return members;
}

using Numbers = std::vector<int>;

}  // namespace

TEST(GivesBackTheOwnerInOrder) {
  auto members = MakeMembers(4);
  DirtyList list;
  CHECK(list.empty());
  CHECK(list.Front() == nullptr);
  CHECK(list.PopFront() == nullptr);
  for (auto& member : members) list.PushBack(member.get());
  CHECK(!list.empty());
  CHECK(list.Front() == members[0].get());
  CHECK(list.Front() == members[0].get());
  CHECK_EQ(PopAll(list), (Numbers{0, 1, 2, 3}));
  CHECK(list.empty());
  for (auto& member : members) CHECK(!member->dirty.linked());
}

TEST(OneObjectStandsInTwoListsThroughTwoLinks) {
  auto members = MakeMembers(3);
  DirtyList dirty;
  ClosingList closing;
  for (auto& member : members) dirty.PushBack(member.get());
  closing.PushBack(members[2].get());
  closing.PushBack(members[0].get());
  members[2]->dirty.Unlink();
  CHECK(members[2]->closing.linked());
  CHECK_EQ(PopAll(dirty), (Numbers{0, 1}));
  CHECK_EQ(PopAll(closing), (Numbers{2, 0}));
}

TEST(PushingAgainMovesToTheBackOfEitherList) {
  auto members = MakeMembers(3);
  DirtyList list;
  DirtyList other;
  for (auto& member : members) list.PushBack(member.get());
  list.PushBack(members[0].get());
  list.PushBack(members[0].get());
  other.PushBack(members[1].get());
  CHECK_EQ(PopAll(list), (Numbers{2, 0}));
  CHECK_EQ(PopAll(other), (Numbers{1}));
}

TEST(UnlinksAtAnyPlaceAndTwice) {
  for (size_t leaving = 0; leaving < 3; leaving++) {
    auto members = MakeMembers(3);
    DirtyList list;
    for (auto& member : members) list.PushBack(member.get());
    members[leaving]->dirty.Unlink();
    CHECK(!members[leaving]->dirty.linked());
    members[leaving]->dirty.Unlink();
    Numbers expected;
    for (size_t i = 0; i < 3; i++) {
      if (i != leaving) expected.push_back(static_cast<int>(i));
    }
    CHECK_EQ(PopAll(list), expected);
  }
}

TEST(ADestroyedMemberLeavesItsList) {
  auto members = MakeMembers(3);
  DirtyList list;
  for (auto& member : members) list.PushBack(member.get());
  members[1].reset();
  members[0].reset();
  CHECK(list.Front() == members[2].get());
  members[2].reset();
  CHECK(list.empty());
}

TEST(MembersOutliveTheirList) {
  auto members = MakeMembers(3);
  {
    DirtyList list;
    for (auto& member : members) list.PushBack(member.get());
  }
  DirtyList next;
  next.PushBack(members[1].get());
  members[0].reset();
  CHECK_EQ(PopAll(next), (Numbers{1}));
  CHECK(!members[2]->dirty.linked());
}

TEST(MembersLeaveAndDieDuringAWalk) {
  auto members = MakeMembers(8);
  DirtyList list;
  for (auto& member : members) list.PushBack(member.get());
  Numbers walked;
  while (Member* member = list.PopFront()) {
    const int number = member->number;
    walked.push_back(number);
    if (number == 0) members[1]->dirty.Unlink();
    if (number == 2) members[3].reset();
    if (number == 4) members[4].reset();
    if (number == 5) members[7].reset();
  }
  CHECK_EQ(walked, (Numbers{0, 2, 4, 5, 6}));
  CHECK(list.empty());
}

TEST(MembersComeBackDuringAWalk) {
  auto members = MakeMembers(3);
  DirtyList list;
  DirtyList later;
  list.PushBack(members[0].get());
  list.PushBack(members[1].get());
  Numbers walked;
  bool again = true;
  while (Member* member = list.PopFront()) {
    walked.push_back(member->number);
    if (member->number == 0 && again) {
      again = false;
      list.PushBack(member);
      list.PushBack(members[2].get());
    } else {
      later.PushBack(member);
    }
  }
  CHECK_EQ(walked, (Numbers{0, 1, 0, 2}));
  CHECK_EQ(PopAll(later), (Numbers{1, 0, 2}));
}

TEST(AgreesWithStdListUnderRandomOperations) {
  constexpr int kMembers = 24;
  for (uint32_t seed = 1; seed <= 20 && !check::Failed(); seed++) {
    SeededRandom random(seed);
    DirtyList lists[2];
    std::list<int> models[2];
    auto members = MakeMembers(kMembers);
    for (int step = 0; step < 2000 && !check::Failed(); step++) {
      check::Note("seed %u step %d", seed, step);
      const int number = static_cast<int>(random.Below(kMembers));
      const size_t which = random.Below(2);
      const uint32_t kind = random.Below(10);
      if (kind < 3) {
        Member* popped = lists[which].PopFront();
        CHECK_EQ(popped == nullptr ? -1 : popped->number, models[which].empty() ? -1 : models[which].front());
        if (!models[which].empty()) models[which].pop_front();
      } else {
        for (auto& model : models) model.remove(number);
        if (kind < 5) members[number]->dirty.Unlink();
        if (kind == 5) members[number] = std::make_unique<Member>(number);
        if (kind > 5) {
          lists[which].PushBack(members[number].get());
          models[which].push_back(number);
        }
      }
      for (size_t i = 0; i < 2; i++) {
        CHECK_EQ(lists[i].empty(), models[i].empty());
        if (!models[i].empty() && !lists[i].empty()) CHECK_EQ(lists[i].Front()->number, models[i].front());
      }
    }
    for (size_t i = 0; i < 2; i++) CHECK_EQ(PopAll(lists[i]), Numbers(models[i].begin(), models[i].end()));
  }
}
